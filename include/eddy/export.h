// What a shared library of Eddy exports: what the public headers declare, between EDDY_API_BEGIN and EDDY_API_END, and
// nothing else. A static library exports nothing, so that a plugin that links one keeps Eddy to itself: the build says
// EDDY_STATIC to whoever links it.
#pragma once

#if defined(EDDY_STATIC) || !defined(__GNUC__)
#define EDDY_API
#define EDDY_API_BEGIN
#define EDDY_API_END
#else
#define EDDY_API [[gnu::visibility("default")]]
#define EDDY_API_BEGIN _Pragma("GCC visibility push(default)")
#define EDDY_API_END _Pragma("GCC visibility pop")
#endif
