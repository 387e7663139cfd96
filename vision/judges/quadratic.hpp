// Least squares of a parabola or a line, with the uncertainty of what was found.
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

namespace lifang::vision {

/// y(t) = c[0] + c[1] t + c[2] t²; `covariance` is that of c, from the residuals.
struct Parabola {
  cv::Vec3d c;
  cv::Matx33d covariance;
  double residual = 0;  ///< root mean square
  double at(double t) const { return c[0] + c[1] * t + c[2] * t * t; }
  double slope(double t) const { return c[1] + 2 * c[2] * t; }
};

/// Needs four points at least; weights are alike.
inline Parabola fit_parabola(const std::vector<double>& t, const std::vector<double>& y) {
  cv::Matx33d normal = cv::Matx33d::zeros();
  cv::Vec3d right(0, 0, 0);
  for (std::size_t i = 0; i < t.size(); ++i) {
    const cv::Vec3d row(1, t[i], t[i] * t[i]);
    normal += row * row.t();
    right += row * y[i];
  }
  const cv::Matx33d inverse = normal.inv(cv::DECOMP_SVD);
  Parabola out{inverse * right, {}, 0};
  double squares = 0;
  for (std::size_t i = 0; i < t.size(); ++i) squares += std::pow(y[i] - out.at(t[i]), 2);
  out.residual = std::sqrt(squares / static_cast<double>(t.size()));
  out.covariance = inverse * (squares / static_cast<double>(t.size() > 3 ? t.size() - 3 : 1));
  return out;
}

}  // namespace lifang::vision
