#pragma once

#include <cmath>

/// Before a function whose loops are arithmetic on vectors: it is compiled for the instruction sets of
/// several generations of processors, and the widest that this machine has is chosen when the program starts.
/// So a program built for any machine of its architecture computes as fast as one built for this one. Its
/// results have the same bits with all of them, as nothing contracts operations, unless it calls expf or
/// tanhf.
#if defined(__x86_64__) && defined(__GLIBC__) && __GNUC__ >= 12 && !defined(__clang__)
#define LOCKSTEP_VECTORISED [[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#else
#define LOCKSTEP_VECTORISED
#endif

// glibc computes these for whole vectors, within 4 units in the last place (libmvec, tanhf from 2.35 on), but
// its header offers it only to programs that give up more of IEEE 754 than we do.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#if __GLIBC_PREREQ(2, 35)
extern "C" {
[[gnu::simd("notinbranch"), gnu::const]] float expf(float) noexcept;
[[gnu::simd("notinbranch"), gnu::const]] float tanhf(float) noexcept;
}
#endif
#endif
