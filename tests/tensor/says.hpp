// SPDX-License-Identifier: BSL-1.0
// What the tests of refusals share: the words of a rule, and those of an exception.
#pragma once

#include <string>

#include <conform/diagnose/rule.hpp>

namespace test {

// What a rule says, `said<rule>.text()`; nothing where it is kept.
template <class Rule>
inline constexpr conform::diagnosis said = Rule::check();

// The words of an exception of type E that f throws; "nothing thrown" where it does not.
template <class E, class F>
std::string thrown_by(F&& f) {
  try {
    f();
  } catch (E const& e) { return e.what(); }
  return "nothing thrown";
}

}  // namespace test
