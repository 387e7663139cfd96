// The front door of lifang-vision: words of the command line → what they ask for.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <opencv2/core.hpp>
#include <string>

#include "base/refusal.hpp"
#include "vision/commands/faces.hpp"
#include "vision/commands/gather.hpp"
#include "vision/commands/hand_out.hpp"
#include "vision/commands/judge.hpp"
#include "vision/commands/learn.hpp"
#include "vision/commands/serve.hpp"
#include "vision/commands/teach.hpp"

namespace {

constexpr int done = 0, failed = 1, words_are_off = 2;

int refused(const lifang::Refusal& refusal) {
  fmt::print(stderr, "{}{}{}: {}\n", refusal.code, refusal.field.empty() ? "" : " at ", refusal.field, refusal.detail);
  return refusal.kind == lifang::RefusalKind::invalid ? words_are_off : failed;
}

}  // namespace

int main(int argc, char** argv) {
  cv::setNumThreads(1);  // OpenCV's own threads would take the cores that the cameras and judges share out among themselves
  CLI::App app{"lifang-vision: the eyes of a Lifang node", "lifang-vision"};
  app.set_version_flag("--version", "lifang-vision " LIFANG_VERSION);
  app.require_subcommand(1);

  lifang::vision::JudgeWords words;
  auto* judge = app.add_subcommand("judge", "judge a file or folder; one JSON object a line");
  judge->add_option("what", words.what, "plates, parking, faces, falling, bag, duty, ebike")
      ->required()
      ->check(CLI::IsMember(lifang::vision::judgements()));
  judge->add_option("path", words.path, "a picture, a clip, or a folder of them")->required();
  judge->add_option("--models", words.models, "a site's own models, as `serve` takes them from FOLDER/models");
  judge->add_option("--config", words.config, "zones, slots, lines and thresholds (TOML)");

  std::string config;
  auto* serve = app.add_subcommand("serve", "watch cameras and tell the node");
  serve->add_option("--config", config, "cameras, zones and the node (TOML)")->required();

  lifang::vision::HandOutWords asked;
  auto* hand_out = app.add_subcommand("export", "hand recordings out: cut, masked, with a manifest of hashes");
  hand_out->add_option("--config", asked.config, "the configuration of serve")->required();
  hand_out->add_option("--camera", asked.camera)->required();
  hand_out->add_option("--from", asked.from, "RFC 3339 with a zone, or Unix milliseconds")->required();
  hand_out->add_option("--to", asked.to)->required();
  hand_out->add_option("--by", asked.asked_by, "who asked for it")->required();
  hand_out->add_option("--reason", asked.reason)->required();
  hand_out->add_option("--out", asked.out, "a new folder")->required();

  std::string handed_out;
  auto* check_export = app.add_subcommand("check-export", "whether an export is as its manifest and the log of exports say");
  check_export->add_option("folder", handed_out)->required();
  check_export->add_option("--config", config, "the configuration of serve")->required();

  std::string folder, out;
  auto* teach = app.add_subcommand("teach-plates", "teach the plate head on crops whose file names are their texts");
  teach->add_option("folder", folder)->required();
  teach->add_option("--out", out, "where the head is written")->required();
  lifang::vision::Fold fold = lifang::vision::Fold::all;
  const std::map<std::string, lifang::vision::Fold> folds{{"all", lifang::vision::Fold::all},
                                                          {"even", lifang::vision::Fold::even},
                                                          {"odd", lifang::vision::Fold::odd}};
  teach->add_option("--fold", fold, "all, or every other file, so that the rest can judge")
      ->transform(CLI::CheckedTransformer(folds));

  auto* learn = app.add_subcommand("learn", "teach on a site's own pictures");
  learn->require_subcommand(1);
  lifang::vision::LearnWords lesson;
  auto* learn_ebike = learn->add_subcommand("ebike", "the second look at e-bikes, from ebike/LIFT/DAY/ and other/LIFT/DAY/");
  learn_ebike->add_option("--from", lesson.from, "the labelled folder")->required();
  learn_ebike->add_option("--out", lesson.out, "the model file")->required();
  learn_ebike->add_option("--config", lesson.config, "the view of the lifts' cameras (TOML)");
  learn_ebike->add_flag("--crops", lesson.crops, "each picture is the candidate from edge to edge");
  lifang::vision::GatherWords gathered;
  auto* gather = learn->add_subcommand("gather", "the pictures of a node's closed cases, by what people said of them; the token stands in LIFANG_TOKEN");
  gather->add_option("--node", gathered.node);
  gather->add_option("--kind", gathered.kind, "of the cases");
  gather->add_option("--purpose", gathered.purpose, "one of the node's purposes")->required();
  gather->add_option("--to", gathered.to, "a new folder")->required();
  gather->add_option("--offset-minutes", gathered.offset_minutes, "where a day begins");

  lifang::vision::FacesWords whose;
  auto* faces = app.add_subcommand("faces", "the templates of those who agreed to be known by their face at a gate");
  faces->require_subcommand(1);
  auto* enrol = faces->add_subcommand("enrol", "make a template of one person's pictures, which are not kept");
  auto* list = faces->add_subcommand("list", "ids, consents and ends, never a print");
  auto* forget = faces->add_subcommand("forget", "delete a template, or all of a consent that was withdrawn");
  for (auto* one : {enrol, list, forget}) one->add_option("--config", whose.config, "the configuration of serve")->required();
  enrol->add_option("--picture", whose.pictures, "with one good face; may stand several times")->required();
  enrol->add_option("--consent", whose.consent, "the consent of its own that it stands on")->required();
  enrol->add_option("--until", whose.until, "its end, within a year")->required();
  enrol->add_option("--by", whose.by, "who enrols")->required();
  forget->add_option("--template", whose.id);
  forget->add_option("--consent", whose.consent);
  forget->add_option("--by", whose.by, "who forgets")->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? done : words_are_off;
  }
  try {
    if (*judge) lifang::vision::judge(words, stdout);
    if (*serve) return lifang::vision::serve(config);
    if (*hand_out) lifang::vision::hand_out(asked);
    if (*check_export) return lifang::vision::check_handed_out(handed_out, config);
    if (*enrol) lifang::vision::enrol_face(whose, stdout);
    if (*list) lifang::vision::list_faces(whose, stdout);
    if (*forget) lifang::vision::forget_faces(whose, stdout);
    if (*learn_ebike) lifang::vision::learn_ebike(lesson, stdout);
    if (*gather) {
      const char* token = std::getenv("LIFANG_TOKEN");
      lifang::vision::gather(gathered, token == nullptr ? "" : token, stdout);
    }
    if (*teach) lifang::vision::teach_plates(folder, out, fold);
  } catch (const lifang::Refusal& refusal) {
    return refused(refusal);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return failed;
  }
  return done;
}
