#include "vision/models/net.hpp"

#include <fmt/format.h>
#include <onnxruntime_cxx_api.h>

#include <numeric>

#include "base/check.hpp"
#include "base/refusal.hpp"

namespace lifang::vision {

struct Net::Session {
  // Every Ort::Env is a counted handle to one environment of the process.
  Ort::Env env{ORT_LOGGING_LEVEL_ERROR, "lifang-vision"};
  Ort::Session session{nullptr};
  std::string input;
  std::vector<std::int64_t> input_shape;
  std::vector<std::string> outputs;
};

Net::Net(const ModelSpec& spec) : spec_(spec), session_(std::make_unique<Session>()) {
  verify(spec_);
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(1);
  options.SetInterOpNumThreads(1);
  options.SetGraphOptimizationLevel(ORT_ENABLE_ALL);
  // Arenas grow to the largest picture and stay; memory of a program that runs for months must be flat.
  options.DisableMemPattern();
  try {
    session_->session = Ort::Session(session_->env, spec_.file.c_str(), options);
    const Ort::AllocatorWithDefaultOptions allocator;
    session_->input = session_->session.GetInputNameAllocated(0, allocator).get();
    session_->input_shape = session_->session.GetInputTypeInfo(0).GetTensorTypeAndShapeInfo().GetShape();
    for (std::size_t i = 0; i < session_->session.GetOutputCount(); ++i)
      session_->outputs.emplace_back(session_->session.GetOutputNameAllocated(i, allocator).get());
  } catch (const Ort::Exception& error) {
    throw Refusal{RefusalKind::invalid, "vision.model", fmt::format("{}: {}", spec_.file.string(), error.what())};
  }
}

Net::~Net() = default;
Net::Net(Net&&) noexcept = default;

std::vector<Tensor> Net::run(const Tensor& input) const {
  const auto count = std::accumulate(input.shape.begin(), input.shape.end(), std::int64_t{1}, std::multiplies<>());
  check(count == static_cast<std::int64_t>(input.data.size()), "a tensor holds what its shape says");
  const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  // ONNX Runtime takes a mutable pointer and only reads it.
  const auto value = Ort::Value::CreateTensor<float>(memory, const_cast<float*>(input.data.data()), input.data.size(),
                                                     input.shape.data(), input.shape.size());
  std::vector<const char*> names;
  for (const std::string& name : session_->outputs) names.push_back(name.c_str());
  const char* in = session_->input.c_str();
  std::vector<Tensor> out;
  try {
    const auto results =
        session_->session.Run(Ort::RunOptions{nullptr}, &in, &value, 1, names.data(), names.size());
    for (const Ort::Value& result : results) {
      const auto info = result.GetTensorTypeAndShapeInfo();
      const float* from = result.GetTensorData<float>();
      out.push_back({info.GetShape(), {from, from + info.GetElementCount()}});
    }
  } catch (const Ort::Exception& error) {
    throw Bug(fmt::format("model {}: {}", spec_.name, error.what()));
  }
  return out;
}

const std::vector<std::string>& Net::output_names() const { return session_->outputs; }
const std::vector<std::int64_t>& Net::input_shape() const { return session_->input_shape; }

}  // namespace lifang::vision
