# embed_files(target name files...): compiles files into the target as the table
#   lifang::embedded::<name>(), a list of (path, bytes), by way of the assembler's .incbin.
function(embed_files target name)
  set(asm "${CMAKE_BINARY_DIR}/embedded_${name}.S")
  set(cpp "${CMAKE_BINARY_DIR}/embedded_${name}.cpp")
  set(asm_text "    .section .rodata\n")
  set(table "")
  set(externs "")
  set(i 0)
  set(paths "")
  foreach(file ${ARGN})
    string(APPEND asm_text "    .global lifang_${name}_${i}_b\n    .global lifang_${name}_${i}_e\n"
      "lifang_${name}_${i}_b:\n    .incbin \"${CMAKE_SOURCE_DIR}/${file}\"\nlifang_${name}_${i}_e:\n    .byte 0\n")
    string(APPEND externs "extern \"C\" const char lifang_${name}_${i}_b[];\nextern \"C\" const char lifang_${name}_${i}_e[];\n")
    string(APPEND table "    {\"${file}\", {lifang_${name}_${i}_b, static_cast<std::size_t>(lifang_${name}_${i}_e - lifang_${name}_${i}_b)}},\n")
    list(APPEND paths "${CMAKE_SOURCE_DIR}/${file}")
    math(EXPR i "${i}+1")
  endforeach()
  string(APPEND asm_text "    .section .note.GNU-stack,\"\",%progbits\n")
  file(CONFIGURE OUTPUT ${asm} CONTENT "${asm_text}" @ONLY)
  file(CONFIGURE OUTPUT ${cpp} CONTENT "#include \"base/embedded.hpp\"\n${externs}
namespace lifang::embedded {
std::vector<File> ${name}() {
  return {\n${table}  };
}
}  // namespace lifang::embedded\n" @ONLY)
  set_source_files_properties(${asm} PROPERTIES OBJECT_DEPENDS "${paths}" COMPILE_OPTIONS "-w")
  set_source_files_properties(${cpp} PROPERTIES COMPILE_OPTIONS "-w")
  target_sources(${target} PRIVATE ${asm} ${cpp})
endfunction()
