// SPDX-License-Identifier: BSL-1.0
// Defines nothing of its own: it includes the options of attention.
#pragma once

#include <conform/attention/in.hpp>
#include <conform/attention/mask.hpp>
#include <conform/attention/modify.hpp>
#include <conform/attention/packed.hpp>
#include <conform/attention/position.hpp>
#include <conform/attention/score.hpp>
#include <conform/attention/threads.hpp>
