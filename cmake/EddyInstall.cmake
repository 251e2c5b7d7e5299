# find_package(eddy) and pkg-config for the installed library.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/eddy)
install(TARGETS eddy eddy_cell_link eddy_cell_build eddy_kernel_options EXPORT eddyTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
set_target_properties(eddy_cell_link PROPERTIES EXPORT_NAME cell_link)
set_target_properties(eddy_cell_build PROPERTIES EXPORT_NAME cell_build)
set_target_properties(eddy_kernel_options PROPERTIES EXPORT_NAME kernel_options)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/eddy ${EDDY_LAYERS_DIR}/eddy DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT eddyTargets NAMESPACE eddy:: DESTINATION ${package})

# What eddy_add_cells compiles cells with: headers that are no API, apart from those that are.
install(FILES ${PROJECT_SOURCE_DIR}/cmake/EddyAddCells.cmake ${PROJECT_SOURCE_DIR}/cmake/EddyCamelCase.cmake
              ${PROJECT_SOURCE_DIR}/cmake/EddyCell.cc.in DESTINATION ${package})
foreach(header kernels/cell-inl.h kernels/cell_registry.h kernels/cell_type.h kernels/describe_cell.h kernels/math-inl.h
        kernels/pointwise-inl.h pointwise/cell_programs.h pointwise/graph.h pointwise/program.h)
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${PROJECT_SOURCE_DIR}/src/${header} DESTINATION ${CMAKE_INSTALL_DATADIR}/eddy/cells/${folder})
endforeach()

set(EDDY_FINDS "find_dependency(Threads)\n")
set(EDDY_HAS_TASKS ON)
if(EDDY_CORE_ONLY)
  set(EDDY_HAS_TASKS OFF)
endif()
if(NOT EDDY_CORE_ONLY AND NOT BUILD_SHARED_LIBS)
  string(APPEND EDDY_FINDS "find_dependency(fmt)\n")
endif()
file(WRITE ${PROJECT_BINARY_DIR}/eddyConfig.cmake
     "set(EDDY_HAS_TASKS ${EDDY_HAS_TASKS})\ninclude(CMakeFindDependencyMacro)\n${EDDY_FINDS}include(\${CMAKE_CURRENT_LIST_DIR}/eddyTargets.cmake)\n"
     "include(\${CMAKE_CURRENT_LIST_DIR}/EddyAddCells.cmake)\n")
write_basic_package_version_file(${PROJECT_BINARY_DIR}/eddyConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/eddyConfig.cmake ${PROJECT_BINARY_DIR}/eddyConfigVersion.cmake DESTINATION ${package})

# Where the prefix is, a moved package knows from where its own file lies.
file(RELATIVE_PATH EDDY_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" EDDY_PC_PREFIX ${EDDY_PC_PREFIX})
set(EDDY_PC_FLAGS "")
set(EDDY_PC_PRIVATE "-pthread")
if(NOT EDDY_ONE_TARGET)
  string(PREPEND EDDY_PC_PRIVATE "-lhwy ")
endif()
if(NOT EDDY_CORE_ONLY)
  string(PREPEND EDDY_PC_PRIVATE "-lfmt ")
endif()
if(EDDY_SENTENCEPIECE)
  string(PREPEND EDDY_PC_PRIVATE "-lsentencepiece -lsentencepiece_train ")
endif()
if(EDDY_SOUND)
  string(PREPEND EDDY_PC_PRIVATE "-lsndfile -lsoxr -lkissfft-float ")
endif()
if(NOT BUILD_SHARED_LIBS)
  set(EDDY_PC_FLAGS " -DEDDY_STATIC")
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/eddy.pc.in ${PROJECT_BINARY_DIR}/eddy.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/eddy.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(EDDY_BUILD_CLI)
  install(TARGETS eddy_cli DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
