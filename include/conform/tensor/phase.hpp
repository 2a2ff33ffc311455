// SPDX-License-Identifier: BSL-1.0
// Defines `CONFORM_PHASE`: what a block of statements does, for a program that counts where a call's time goes; else nothing.
//
// Such a program defines CONFORM_PHASE(name) itself before it includes Conform, as bench/attention/phases.hpp does.
#pragma once

#if !defined(CONFORM_PHASE)
#define CONFORM_PHASE(name) static_cast<void>(0)
#endif
