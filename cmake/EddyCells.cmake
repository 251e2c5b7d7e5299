# The cell table. Every header in include/eddy/cells/ is a cell: its file name is the cell's name, and the same name in
# CamelCase its type. For each cell a source file is generated that compiles its programs for every instruction set, and
# one file lists them all.
include(EddyCamelCase)
file(GLOB EDDY_CELL_HEADERS CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/include/eddy/cells ${PROJECT_SOURCE_DIR}/include/eddy/cells/*.h)
set(EDDY_CELLS_DIR ${PROJECT_BINARY_DIR}/cells)
set(EDDY_CELL_SOURCES "")
set(EDDY_CELL_DECLARATIONS "")
set(EDDY_CELL_ENTRIES "")
foreach(header ${EDDY_CELL_HEADERS})
  string(REGEX REPLACE "\\.h$" "" EDDY_CELL_NAME ${header})
  eddy_camel_case(${EDDY_CELL_NAME} EDDY_CELL_TYPE)
  configure_file(${PROJECT_SOURCE_DIR}/src/kernels/cell.cc.in ${EDDY_CELLS_DIR}/${EDDY_CELL_NAME}.cc @ONLY)
  list(APPEND EDDY_CELL_SOURCES ${EDDY_CELLS_DIR}/${EDDY_CELL_NAME}.cc)
  string(APPEND EDDY_CELL_DECLARATIONS "const CellType& ${EDDY_CELL_TYPE}Cell();\n")
  string(APPEND EDDY_CELL_ENTRIES "      &${EDDY_CELL_TYPE}Cell(),\n")
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/src/kernels/cell_table.cc.in ${EDDY_CELLS_DIR}/cell_table.cc @ONLY)
list(APPEND EDDY_CELL_SOURCES ${EDDY_CELLS_DIR}/cell_table.cc)
