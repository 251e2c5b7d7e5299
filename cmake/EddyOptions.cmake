# What every target of the project is compiled with.
add_library(eddy_options INTERFACE)
target_compile_options(eddy_options INTERFACE -Wall -Wextra -ffp-contract=off $<$<BOOL:${EDDY_WERROR}>:-Werror>)
if(EDDY_SANITIZE)
  target_compile_options(eddy_options INTERFACE -fsanitize=${EDDY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(eddy_options INTERFACE -fsanitize=${EDDY_SANITIZE})
endif()
if(EDDY_BUILD_FUZZERS)
  target_compile_options(eddy_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
# Instruction sets that kernels are compiled for: those between these differ too little to pay for their code.
target_compile_definitions(eddy_options INTERFACE "HWY_DISABLED_TARGETS=(HWY_SSSE3|HWY_AVX3_DL)")
