# What every target of the project is compiled with.
add_library(eddy_options INTERFACE)
target_compile_options(eddy_options INTERFACE -Wall -Wextra $<$<BOOL:${EDDY_WERROR}>:-Werror>)

# What kernels are compiled with, and who compiles a cell of their own too: same vectors, same rounding.
add_library(eddy_kernel_options INTERFACE)
target_compile_options(eddy_kernel_options INTERFACE -ffp-contract=off)
target_link_libraries(eddy_options INTERFACE eddy_kernel_options)

# Instruction sets that kernels are not compiled for: they differ too little from their neighbours to pay for their code.
set(EDDY_SKIPPED_TARGETS HWY_SSSE3 HWY_AVX3_DL)

if(EDDY_SANITIZE)
  target_compile_options(eddy_options INTERFACE -fsanitize=${EDDY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(eddy_options INTERFACE -fsanitize=${EDDY_SANITIZE})
  # Instrumented vector code takes minutes to compile, and the instruction sets share their source: one is enough, the
  # compiler's (the presets ask for AVX2).
  set(EDDY_ONE_TARGET ON)
endif()
if(EDDY_ONE_TARGET)
  target_compile_definitions(eddy_kernel_options INTERFACE HWY_COMPILE_ONLY_STATIC)
endif()

list(JOIN EDDY_SKIPPED_TARGETS "|" skipped)
target_compile_definitions(eddy_kernel_options INTERFACE "HWY_DISABLED_TARGETS=(${skipped})")
