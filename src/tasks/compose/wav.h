// MIDI as sound, by fluidsynth where it is installed.
#pragma once

#include <string>
#include <string_view>

namespace eddy {

// Writes `midi`, the bytes of a MIDI file, to `path` as wav, whole or not at all. Throws Error where there is no fluidsynth
// or no sound font (EDDY_SOUNDFONT, or where Debian has them), and where it fails.
void RenderWav(std::string_view midi, const std::string& path);

// Throws the same Error where RenderWav() could not begin.
void RequireRenderer();

}  // namespace eddy
