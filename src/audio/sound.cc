#include "audio/sound.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "data/read_file.h"
#include "eddy/error.h"

#ifdef EDDY_SOUND
#include <sndfile.h>
#endif

namespace eddy {
namespace {

static_assert(std::endian::native == std::endian::little, "wav files are written as memory has them");

uint32_t Word(std::string_view bytes, size_t at) {
  uint32_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

void Append(std::string& to, auto number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  to.append(bytes, sizeof number);
}

// libsndfile reads what there is of a wav file that was cut off and believes what it says of itself. The sizes and the rate
// stand in it twice.
void CheckWav(std::string_view bytes, const std::string& name) {
  if (bytes.size() < 12 || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WAVE") return;
  size_t at = 12;
  while (at + 8 <= bytes.size()) {
    const std::string_view chunk = bytes.substr(at, 4);
    const size_t size = Word(bytes, at + 4), left = bytes.size() - at - 8;
    if (chunk == "fmt " && size >= 16 && left >= 16) {
      const size_t kind = Word(bytes, at + 8) & 0xFFFF, channels = Word(bytes, at + 8) >> 16;
      const size_t rate = Word(bytes, at + 12), a_second = Word(bytes, at + 16), bits = Word(bytes, at + 20) >> 16;
      const bool plain = kind == 1 || kind == 3;  // whole numbers or floating point, without compression
      if (plain && a_second != rate * channels * ((bits + 7) / 8)) {
        Fail("read", name, "a sound that agrees with itself about its rate",
             "at " + std::to_string(rate) + " samples and " + std::to_string(a_second) + " bytes a second");
      }
    }
    const bool endless = size >= 0x7FFFFFFF;  // written to a pipe: as long as there are samples
    if (chunk == "data" && !endless && size > left) {
      Fail("read", name, "a whole sound", "cut off: " + std::to_string(left) + " of " + std::to_string(size) + " bytes");
    }
    if (size > left) return;
    at += 8 + size + size % 2;
  }
}

// `kind` is 1 for whole numbers, 3 for floating point.
std::string WavHead(uint16_t kind, uint16_t bits, size_t size, int rate) {
  const auto bytes = static_cast<uint32_t>(size), per_second = static_cast<uint32_t>(rate);
  std::string wav = "RIFF";
  Append(wav, uint32_t{36} + bytes);
  wav += "WAVEfmt ";
  Append(wav, uint32_t{16});
  Append(wav, kind);
  Append(wav, uint16_t{1});
  Append(wav, per_second);
  Append(wav, per_second * (bits / 8));
  Append(wav, static_cast<uint16_t>(bits / 8));
  Append(wav, bits);
  wav += "data";
  Append(wav, bytes);
  return wav;
}

#ifdef EDDY_SOUND

struct Memory {
  std::string_view bytes;
  size_t at = 0;

  static Memory& Of(void* data) { return *static_cast<Memory*>(data); }
  static sf_count_t Size(void* data) { return static_cast<sf_count_t>(Of(data).bytes.size()); }
  static sf_count_t Tell(void* data) { return static_cast<sf_count_t>(Of(data).at); }
  static sf_count_t Seek(sf_count_t by, int from, void* data) {
    const sf_count_t base = from == SEEK_SET ? 0 : from == SEEK_CUR ? Tell(data) : Size(data);
    Of(data).at = static_cast<size_t>(std::clamp<sf_count_t>(base + by, 0, Size(data)));
    return Tell(data);
  }
  static sf_count_t Read(void* to, sf_count_t count, void* data) {
    Memory& memory = Of(data);
    const size_t n = std::min(static_cast<size_t>(std::max<sf_count_t>(count, 0)), memory.bytes.size() - memory.at);
    std::memcpy(to, memory.bytes.data() + memory.at, n);
    memory.at += n;
    return static_cast<sf_count_t>(n);
  }
};

class SoundFile {
 public:
  SoundFile(std::string_view bytes, const std::string& name) : memory_{bytes} {
    SF_VIRTUAL_IO io = {&Memory::Size, &Memory::Seek, &Memory::Read, nullptr, &Memory::Tell};
    file_ = sf_open_virtual(&io, SFM_READ, &info_, &memory_);
    if (file_ == nullptr) Fail("read", name, "a sound (wav, flac, ogg, mp3)", "something else, or damaged");
  }
  ~SoundFile() { sf_close(file_); }
  SoundFile(const SoundFile&) = delete;
  SoundFile& operator=(const SoundFile&) = delete;

  const SF_INFO& info() const { return info_; }
  // All frames from here on, at most `most`, interleaved.
  std::vector<float> Read(size_t most) {
    constexpr size_t kBlock = 1 << 16;
    const auto channels = static_cast<size_t>(info_.channels);
    std::vector<float> all;
    while (most > 0) {
      const size_t begin = all.size(), want = std::min(kBlock, most);
      all.resize(begin + want * channels);
      const sf_count_t got = sf_readf_float(file_, all.data() + begin, static_cast<sf_count_t>(want));
      all.resize(begin + static_cast<size_t>(std::max<sf_count_t>(got, 0)) * channels);
      if (got <= 0) break;
      most -= static_cast<size_t>(got);
    }
    return all;
  }

 private:
  Memory memory_;
  SF_INFO info_ = {};
  SNDFILE* file_ = nullptr;
};

// Channels that never move say nothing; the others are averaged.
void Mix(const std::vector<float>& frames, Sound& sound) {
  const size_t channels = sound.channels, count = frames.size() / channels;
  std::vector<size_t> heard;
  for (size_t c = 0; c < channels; ++c) {
    for (size_t i = 1; i < count; ++i) {
      if (frames[i * channels + c] == frames[c]) continue;
      heard.push_back(c);
      break;
    }
  }
  sound.silent = heard.empty();
  if (sound.silent) heard.push_back(0);
  sound.samples.resize(count);
  for (size_t i = 0; i < count; ++i) {
    double sum = 0;
    for (const size_t c : heard) sum += double{frames[i * channels + c]};
    sound.samples[i] = static_cast<float>(sum / static_cast<double>(heard.size()));
  }
}

double ClippedShare(const std::vector<float>& frames, size_t channels) {
  constexpr float kFull = 0.9999F;
  constexpr size_t kRun = 3;
  size_t clipped = 0;
  for (size_t c = 0; c < channels; ++c) {
    size_t run = 0;
    for (size_t i = c; i < frames.size(); i += channels) {
      run = std::abs(frames[i]) >= kFull ? run + 1 : 0;
      clipped += run == kRun ? kRun : run > kRun ? 1 : 0;
    }
  }
  return static_cast<double>(clipped) / static_cast<double>(frames.size());
}

#endif

}  // namespace

Sound ParseSound([[maybe_unused]] std::string_view bytes, const std::string& name, [[maybe_unused]] const SoundPart& part) {
#ifndef EDDY_SOUND
  Fail("read", name, "features, since this build has no libsndfile", "a sound");
#else
  CheckWav(bytes, name);
  SoundFile file(bytes, name);
  const SF_INFO& info = file.info();
  if (info.samplerate < kLeastRate || info.samplerate > kMostRate) {
    Fail("read", name, "of " + std::to_string(kLeastRate) + " to " + std::to_string(kMostRate) + " samples a second",
         "of " + std::to_string(info.samplerate));
  }
  const double rate = info.samplerate;
  Sound sound;
  sound.rate = info.samplerate;
  sound.channels = static_cast<size_t>(info.channels);
  std::vector<float> frames = file.Read(static_cast<size_t>(kMostSoundSeconds * rate) + 1);
  const size_t count = frames.size() / sound.channels;
  const auto told = static_cast<size_t>(std::max<sf_count_t>(info.frames, 0));
  const bool knows = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC;
  if (knows && told > count && info.frames < SF_COUNT_MAX) {
    Fail("read", name, "a whole sound", "cut off: " + std::to_string(count) + " of " + std::to_string(told) + " samples");
  }
  if (static_cast<double>(count) > kMostSoundSeconds * rate) Fail("read", name, "of at most six hours", "longer");
  const double seconds = static_cast<double>(count) / rate;
  if (std::isfinite(part.end) && part.end > seconds + 0.1) {
    Fail("read", name, "a sound of " + std::to_string(part.end) + " seconds at least", "one of " + std::to_string(seconds));
  }
  const size_t begin = std::min(count, static_cast<size_t>(std::llround(std::min(part.begin, seconds) * rate)));
  const size_t end = std::min(count, static_cast<size_t>(std::llround(std::min(part.end, seconds) * rate)));
  if (end <= begin) Fail("read", name, "a sound", count == 0 ? "empty" : "one that ends before the part begins");
  frames.resize(end * sound.channels);
  frames.erase(frames.begin(), frames.begin() + static_cast<ptrdiff_t>(begin * sound.channels));
  for (const float sample : frames) Require(std::isfinite(sample), "read", name, "a sound of finite numbers", "not");
  sound.clipped = ClippedShare(frames, sound.channels);
  Mix(frames, sound);
  return sound;
#endif
}

Sound ReadSound(const std::string& path, const SoundPart& part) { return ParseSound(ReadFile(path), path, part); }

std::string WriteWav(std::span<const float> samples, int rate) {
  return WavHead(/*kind=*/3, /*bits=*/32, samples.size_bytes(), rate)
      .append(reinterpret_cast<const char*>(samples.data()), samples.size_bytes());
}

std::string WriteWav16(std::span<const float> samples, int rate) {
  const std::string pcm = Pcm(samples);
  return WavHead(/*kind=*/1, /*bits=*/16, pcm.size(), rate) + pcm;
}

std::string Pcm(std::span<const float> samples) {
  std::string pcm;
  for (const float sample : samples) {
    Append(pcm, static_cast<int16_t>(std::clamp(std::lround(sample * 32767), -32768L, 32767L)));
  }
  return pcm;
}

}  // namespace eddy
