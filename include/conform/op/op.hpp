// SPDX-License-Identifier: BSL-1.0
// Defines nothing of its own: it includes every operation on tensors.
#pragma once

#include <conform/op/activation.hpp>
#include <conform/op/as.hpp>
#include <conform/op/cast.hpp>
#include <conform/op/chunk.hpp>
#include <conform/op/compare.hpp>
#include <conform/op/concat.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/contract.hpp>
#include <conform/op/elementwise.hpp>
#include <conform/op/lookup.hpp>
#include <conform/op/merge.hpp>
#include <conform/op/norm.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/reduce.hpp>
#include <conform/op/rename.hpp>
#include <conform/op/rotary.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/softmax.hpp>
#include <conform/op/split.hpp>
#include <conform/op/view.hpp>
#include <conform/op/weighted_sum.hpp>
