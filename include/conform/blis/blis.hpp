// SPDX-License-Identifier: BSL-1.0
// Defines nothing of its own: it includes `blis.h`, wherever it lies, without its warnings and without its generic macros.
// The one header in the project that includes `blis.h`.
#pragma once

// blis.h is C: it defines these names as macros. Each is put back as it was before.
#pragma push_macro("abs")
#pragma push_macro("bit_clear")
#pragma push_macro("bit_set")
#pragma push_macro("bit_test")
#pragma push_macro("Extern")
#pragma push_macro("f2c_abs")
#pragma push_macro("f2c_dabs")
#pragma push_macro("f2c_dmax")
#pragma push_macro("f2c_dmin")
#pragma push_macro("f2c_max")
#pragma push_macro("f2c_min")
#pragma push_macro("FALSE")
#pragma push_macro("FALSE_")
#pragma push_macro("gemm_ukr_name")
#pragma push_macro("gemmtrsm_l_ukr_name")
#pragma push_macro("gemmtrsm_u_ukr_name")
#pragma push_macro("max")
#pragma push_macro("min")
#pragma push_macro("MKSTR")
#pragma push_macro("restrict")
#pragma push_macro("STRINGIFY_INT")
#pragma push_macro("trsm_l_ukr_name")
#pragma push_macro("trsm_u_ukr_name")
#pragma push_macro("TRUE")
#pragma push_macro("TRUE_")
#pragma push_macro("typeof")
#pragma push_macro("VOID")

#if defined(__GNUC__)
#pragma GCC system_header  // not ours to mend: every warning inside blis.h
#endif

#if __has_include(<blis.h>)
#include <blis.h>  // Debian
#elif __has_include(<blis/blis.h>)
#include <blis/blis.h>  // upstream
#else
#error \
    "Conform needs BLIS: install libblis-dev (Debian, Ubuntu) or blis-devel (Fedora), or add the folder of blis.h to the include path."
#endif

#pragma pop_macro("abs")
#pragma pop_macro("bit_clear")
#pragma pop_macro("bit_set")
#pragma pop_macro("bit_test")
#pragma pop_macro("Extern")
#pragma pop_macro("f2c_abs")
#pragma pop_macro("f2c_dabs")
#pragma pop_macro("f2c_dmax")
#pragma pop_macro("f2c_dmin")
#pragma pop_macro("f2c_max")
#pragma pop_macro("f2c_min")
#pragma pop_macro("FALSE")
#pragma pop_macro("FALSE_")
#pragma pop_macro("gemm_ukr_name")
#pragma pop_macro("gemmtrsm_l_ukr_name")
#pragma pop_macro("gemmtrsm_u_ukr_name")
#pragma pop_macro("max")
#pragma pop_macro("min")
#pragma pop_macro("MKSTR")
#pragma pop_macro("restrict")
#pragma pop_macro("STRINGIFY_INT")
#pragma pop_macro("trsm_l_ukr_name")
#pragma pop_macro("trsm_u_ukr_name")
#pragma pop_macro("TRUE")
#pragma pop_macro("TRUE_")
#pragma pop_macro("typeof")
#pragma pop_macro("VOID")
