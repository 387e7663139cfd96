// Buffer: bytes that wait, taken from the front and added at the back; holds no memory when empty
// and released.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace lifang::mqtt {

/// At most 4 GiB; small on purpose, because every connection has two.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept { *this = std::move(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { std::free(bytes_); }

  std::string_view view() const { return {bytes_ + begin_, size()}; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  std::size_t capacity() const { return capacity_; }

  /// Room for at least `n` more bytes; the place to write them. They count after added().
  char* room(std::size_t n) {
    if (capacity_ - end_ < n) make_room(n);
    return bytes_ + end_;
  }
  void added(std::size_t n) { end_ += static_cast<std::uint32_t>(n); }

  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    added(bytes.size());
  }
  void consume(std::size_t n) {
    begin_ += static_cast<std::uint32_t>(n);
    if (begin_ == end_) begin_ = end_ = 0;
  }
  /// Forgets what was appended beyond `n` bytes.
  void truncate(std::size_t n) { end_ = begin_ + static_cast<std::uint32_t>(n); }
  void release() {
    std::free(bytes_);
    bytes_ = nullptr;
    begin_ = end_ = capacity_ = 0;
  }

 private:
  void make_room(std::size_t n) {
    if (begin_ != 0) {
      std::memmove(bytes_, bytes_ + begin_, size());
      end_ -= begin_;
      begin_ = 0;
    }
    if (capacity_ - end_ >= n) return;
    // The first time exactly what is asked for, afterwards doubling: most buffers are filled once.
    std::size_t wanted = end_ + n;
    if (capacity_ != 0 && wanted < 2 * std::size_t{capacity_}) wanted = 2 * std::size_t{capacity_};
    void* grown = std::realloc(bytes_, wanted);
    if (!grown) throw std::bad_alloc();
    bytes_ = static_cast<char*>(grown);
    capacity_ = static_cast<std::uint32_t>(wanted);
  }

  char* bytes_ = nullptr;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace lifang::mqtt
