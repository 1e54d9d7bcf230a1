# Linked by our own code only. Warnings are errors for us (AME_WERROR), never for someone who builds a release.
add_library(ame_warnings INTERFACE)
target_compile_options(ame_warnings INTERFACE
  -Wall -Wextra -Wpedantic
  -Wshadow                 # a name that hides another is read wrongly
  -Wnon-virtual-dtor       # ports are deleted through their base
  -Woverloaded-virtual     # an override that is none
  -Wconversion             # sizes and file offsets do not shrink unseen
  -Wno-sign-conversion     # but signs of small counts may change
  # g++ 12 sees overlaps in std::string that are not there (GCC bug 105651); clang-tidy reads these options too
  $<$<CXX_COMPILER_ID:GNU>:-Wno-unknown-warning-option>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # and, at -O2 and more, members of a temporary that are not set; the sanitizers know better
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  -Wno-missing-field-initializers  # designated initialisers leave defaults out on purpose
)
if(AME_WERROR)
  target_compile_options(ame_warnings INTERFACE -Werror)
endif()
