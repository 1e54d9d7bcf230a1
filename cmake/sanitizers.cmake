# AME_SANITIZE: "address,undefined" or "thread", for all our targets.
set(AME_SANITIZE "" CACHE STRING "sanitizers to build with, as for -fsanitize=")
if(AME_SANITIZE)
  add_compile_options(-fsanitize=${AME_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${AME_SANITIZE})
endif()
