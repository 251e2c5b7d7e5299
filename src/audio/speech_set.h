// Recordings and what is said in them, as a list: a manifest, or a folder.
//
// A manifest has a recording a line, columns with tabs between them: PATH, TRANSCRIPT; or PATH, TRANSCRIPT, SPEAKER; or
// PATH, BEGIN, END, TRANSCRIPT; or PATH, BEGIN, END, TRANSCRIPT, SPEAKER. A first line of these names (path, transcript,
// speaker, begin, end, in any case) puts them in another order. BEGIN and END are seconds of the sound. Paths are relative
// to the manifest. In place of a path a sound itself may stand, as data:audio/wav;base64,... (RFC 2397).
//
// A folder has for each transcript, NAME.txt, a sound or features of the same name beside it, NAME.wav; the folders in it
// are read as well, by name, and each is a speaker.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audio/feature_file.h"
#include "audio/sound.h"
#include "data/reading.h"
#include "eddy/data.h"

namespace eddy {

struct SpeechEntry {
  std::string place;  // "speech.tsv line 3", or the path of a sound in a folder
  std::string path;   // where its sound or its features are, or the sound itself
  std::string text;   // single spaces between words, none around them; may be empty
  std::string speaker;
  SoundPart part = {};
};

struct SpeechSet {
  std::vector<SpeechEntry> entries;  // at least one
  Reading reading;
};

// Throws Error for data that are neither, without entries, or with too many bad lines.
SpeechSet ReadSpeech(const Data& data, const BadLines& bad = {});
SpeechSet ParseManifest(std::string_view text, const std::string& name, const BadLines& bad = {});

std::string SqueezeSpaces(std::string_view text);  // as the texts of entries are

// What an entry names: a sound or features. Throws Error that names its place.
bool HasFeatures(const SpeechEntry& entry);
Sound LoadSound(const SpeechEntry& entry);
FeatureFrames LoadFeatures(const SpeechEntry& entry);

// A sound as it may stand in a manifest in place of a path.
std::string InlineSound(std::span<const float> samples, int rate);

}  // namespace eddy
