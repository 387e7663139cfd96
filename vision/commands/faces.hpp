// `lifang-vision faces enrol|list|forget`: the templates of those who agreed to be known by their face at a gate.
#pragma once
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace lifang::vision {

struct FacesWords {
  std::filesystem::path config;                 ///< of serve: its folder holds the templates
  std::vector<std::filesystem::path> pictures;  ///< of one person, each with one good face; they are not kept
  std::string consent, until, by, id;
};

/// Prints the template's id, its end and how many are stored. Throws Refusal vision.face (no face, several, or not a good one, and why),
/// vision.several (the pictures do not show one person); else as FaceBook::enrol does.
void enrol_face(const FacesWords& words, std::FILE* out);
/// One JSON object a template, and a last one with how many there are and whether their storage must be filed.
void list_faces(const FacesWords& words, std::FILE* out);
/// By `id`, or all that stand on `consent`. Throws Refusal missing vision.no_face when there is none.
void forget_faces(const FacesWords& words, std::FILE* out);

}  // namespace lifang::vision
