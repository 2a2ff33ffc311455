// SPDX-License-Identifier: BSL-1.0
// Defines `shared`: an object that its copies share and that goes with the last of them; std::shared_ptr without <memory>, which
// would cost a tenth of the time that a compiler reads Conform.
#pragma once

#include <cstddef>
#include <utility>

#include <conform/tensor/atomic_number.hpp>

namespace conform::detail {

template <class T>
class shared {
 public:
  explicit shared(T value) : it_(new counted{std::move(value)}) {}
  shared(shared const& other) noexcept : it_(other.it_) { it_->uses.add(1); }
  // What is moved from stays as it is: there is no empty one.
  shared& operator=(shared const& other) noexcept {
    shared copy(other);
    std::swap(it_, copy.it_);
    return *this;
  }
  ~shared() {
    if (it_->uses.add(~std::size_t{0}) == 1) delete it_;
  }

  T& operator*() const { return it_->value; }

 private:
  struct counted {
    T value;
    atomic_number<std::size_t> uses{1};
  };
  counted* it_;
};

}  // namespace conform::detail
