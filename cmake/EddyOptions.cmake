# What every target of the project is compiled with.
add_library(eddy_options INTERFACE)
target_compile_options(eddy_options INTERFACE -Wall -Wextra -ffp-contract=off $<$<BOOL:${EDDY_WERROR}>:-Werror>)
if(EDDY_SANITIZE)
  target_compile_options(eddy_options INTERFACE -fsanitize=${EDDY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(eddy_options INTERFACE -fsanitize=${EDDY_SANITIZE})
endif()
