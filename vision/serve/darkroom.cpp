#include "vision/serve/darkroom.hpp"

#include "base/refusal.hpp"
#include "vision/commands/view.hpp"
#include "vision/serve/guard.hpp"
#include "vision/stream/encoder.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_films = 8;

}  // namespace

std::shared_ptr<const AVCodecParameters> copy_of(const AVCodecParameters* codec) {
  std::shared_ptr<AVCodecParameters> copy(avcodec_parameters_alloc(), [](AVCodecParameters* gone) { avcodec_parameters_free(&gone); });
  avcodec_parameters_copy(copy.get(), codec);
  return copy;
}

bool browsers_play(const AVCodecParameters* codec) { return codec != nullptr && codec->codec_id == AV_CODEC_ID_H264; }

bool write_masked(const std::vector<Packet>& packets, const AVCodecParameters* codec, double from, double rate, const Masks& masks,
                  const fs::path& file) {
  std::optional<Encoder> encoder;
  cv::Size size;
  double first = 0;
  try {
    Decoder decoder(codec);
    const auto take = [&] {
      for (double seconds = 0; decoder.take(seconds);) {
        if (seconds < from) continue;
        cv::Mat picture = decoder.bgr();
        if (!encoder) {
          size = picture.size();
          first = seconds;
          encoder.emplace(file, size, rate);
        }
        if (picture.size() != size) continue;  // the masks do not lie on a picture of another size
        hide(picture, masks);
        if (!encoder->write(picture, seconds - first)) return;
      }
    };
    for (const Packet& packet : packets) {
      decoder.give(&packet);
      take();
    }
    decoder.give(nullptr);
    take();
  } catch (const Refusal&) {
    return false;
  } catch (const std::exception&) {
    return false;  // a picture that OpenCV or the disk would not have must not take the alarms of other cameras along
  }
  return encoder && encoder->finish();
}

Darkroom::Darkroom(fs::path folder) : folder_(std::move(folder)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Darkroom::~Darkroom() {
  thread_.request_stop();
  filled_.notify_all();
  thread_.join();
  for (const Film& film : films_) film.done(false);
}

void Darkroom::develop(Film film) {
  {
    const std::lock_guard lock(mutex_);
    if (films_.size() < most_films) {
      films_.push_back(std::move(film));
      filled_.notify_one();
      return;
    }
  }
  ++given_up_;
  film.done(false);
}

void Darkroom::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::optional<Film> film;
    {
      std::unique_lock lock(mutex_);
      if (!filled_.wait(lock, stop, [this] { return !films_.empty(); })) return;
      film = std::move(films_.front());
      films_.pop_front();
    }
    bool there = false;
    guarded("clips that are encoded anew", [&] { there = write_masked(film->packets, film->codec.get(), film->from, film->rate, film->masks, folder_ / film->clip); });
    if (!there) ++given_up_;
    guarded("clips that are encoded anew", [&] { film->done(there); });
  }
}

}  // namespace lifang::vision
