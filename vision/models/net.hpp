// A loaded model: tensors in, tensors out, on ordinary processors through ONNX Runtime.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "vision/models/catalog.hpp"

namespace lifang::vision {

/// Row-major reals. `data.size()` is the product of `shape`.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> data;
};

/// One model with one compute thread. `run` is safe from several threads at once.
class Net {
 public:
  /// Checks the file's hash before it reads it. Throws Refusal when the file is not the pinned one or is no model.
  explicit Net(const ModelSpec& spec);
  ~Net();
  Net(Net&&) noexcept;

  /// Outputs in the order of `output_names`. Throws Bug when the shape does not fit the model.
  std::vector<Tensor> run(const Tensor& input) const;
  const std::vector<std::string>& output_names() const;
  /// Shape of the input; -1 where the model takes any.
  const std::vector<std::int64_t>& input_shape() const;
  const ModelSpec& spec() const { return spec_; }

 private:
  struct Session;
  ModelSpec spec_;
  std::unique_ptr<Session> session_;
};

}  // namespace lifang::vision
