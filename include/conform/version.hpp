// SPDX-License-Identifier: BSL-1.0
// Defines the version of Conform, here and nowhere else: CMake reads it from this file, and a test compares what cannot.
// Semantic versioning: while the major version is 0, a minor version may change what a program means, a patch may not.
#pragma once

#define CONFORM_VERSION_MAJOR 0
#define CONFORM_VERSION_MINOR 1
#define CONFORM_VERSION_PATCH 0

// One number to compare: #if CONFORM_VERSION >= 100 is 0.1.0 or later.
#define CONFORM_VERSION (CONFORM_VERSION_MAJOR * 10000 + CONFORM_VERSION_MINOR * 100 + CONFORM_VERSION_PATCH)
