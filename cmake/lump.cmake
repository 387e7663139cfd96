# lump(TARGET SIZE): compiles the sources of a target in lumps of SIZE, whose headers are read once.
#
# It halves the time of a clean build. Whoever works here every day has ccache and sets -DLIFANG_LUMPS=OFF once: then every
# file is compiled alone, and only when it changed. The sources of a folder go to different lumps, because they may have
# helpers of the same name. `./dev check` compiles every file alone (preset tsan), so none forgets an include.
option(LIFANG_LUMPS "compile sources in lumps" ON)

function(lump target size)
  if(NOT LIFANG_LUMPS)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  list(LENGTH sources count)
  math(EXPR lumps "(${count} + ${size} - 1) / ${size}")
  set(at 0)
  foreach(source IN LISTS sources)
    math(EXPR lump "${at} % ${lumps}")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP lump_${lump})
    math(EXPR at "${at} + 1")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
