// SPDX-License-Identifier: BSL-1.0
// Defines the SHA-256 of some bytes, as 64 hexadecimal digits.
#pragma once

#include "failure.hpp"

#include <openssl/evp.h>
#include <array>
#include <string>
#include <string_view>

namespace use_lite {

inline std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw failure("SHA-256 is not available in this OpenSSL");
  std::string hexadecimal;
  for (unsigned i = 0; i < length; ++i) {
    hexadecimal += "0123456789abcdef"[digest[i] >> 4];
    hexadecimal += "0123456789abcdef"[digest[i] & 15];
  }
  return hexadecimal;
}

}  // namespace use_lite
