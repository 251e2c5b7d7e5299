# The cell table. Every header in include/eddy/cells/ is a cell: its file name is the cell's name, and the same name in
# CamelCase its type. For each cell a source file is generated that compiles its programs for every instruction set, and
# one file lists them all.
include(EddyAddCells)
file(GLOB EDDY_CELL_HEADERS CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/include/eddy/cells/*.h)
set(EDDY_CELLS_DIR ${PROJECT_BINARY_DIR}/cells)
set(EDDY_CELL_NAMES "")
set(EDDY_CELL_SOURCES "")
set(EDDY_CELL_DECLARATIONS "")
set(EDDY_CELL_ENTRIES "")
foreach(header ${EDDY_CELL_HEADERS})
  eddy_cell_source(${header} ${EDDY_CELLS_DIR} OFF)
  list(APPEND EDDY_CELL_NAMES ${EDDY_CELL_NAME})
  list(APPEND EDDY_CELL_SOURCES ${EDDY_CELL_SOURCE})
  string(APPEND EDDY_CELL_DECLARATIONS "const CellType& ${EDDY_CELL_TYPE}Cell();\n")
  string(APPEND EDDY_CELL_ENTRIES "      &${EDDY_CELL_TYPE}Cell(),\n")
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/src/kernels/cell_table.cc.in ${EDDY_CELLS_DIR}/cell_table.cc @ONLY)
list(APPEND EDDY_CELL_SOURCES ${EDDY_CELLS_DIR}/cell_table.cc)
