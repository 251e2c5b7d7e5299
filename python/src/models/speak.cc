// Voices.
#include "eddy/tasks/speak.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "arrays.h"
#include "models.h"

namespace eddy::python {
namespace {

using Durations = std::vector<std::pair<std::string, double>>;

Output SamplesOf(const Speech& speech) {
  const Tensor samples = Tensor::Uninitialized({speech.samples.size()});
  std::copy(speech.samples.begin(), speech.samples.end(), samples.data());
  return ToArray(samples);
}

Durations DurationsOf(const Speech& speech) {
  Durations durations;
  for (const SpokenSymbol& each : speech.symbols) durations.emplace_back(each.symbol, each.seconds);
  return durations;
}

void BindVoice(nb::module_& m) {
  nb::class_<Speech>(m, "Speech", "A sentence that has been spoken.")
      .def_prop_ro("samples", &SamplesOf, nb::rv_policy::move,
                   nb::sig("def samples(self) -> numpy.typing.NDArray[numpy.float32]"), "[samples], within full scale, 1.")
      .def_ro("rate", &Speech::rate, "Samples a second.")
      .def_prop_ro("symbols", &DurationsOf, "Each letter or phoneme in the order in which it is spoken, and its seconds.");
  const SpeakOptions usual;
  BindModel<Voice>(m, "VoiceModel", "Words to sound.")
      .def_prop_ro("rate", &Voice::rate, "Samples a second.")
      .def_prop_ro("symbols", &Voice::symbols, "That it can say.")
      .def_prop_ro("speaks_letters", &Voice::speaks_letters, "Else it reads phonemes, with spaces between them.")
      .def(
          "speak",
          [](const Voice& voice, const std::string& text, double speed, double pitch, double sharpness,
             const std::string& vocoder, const Durations& durations, int threads) {
            SpeakOptions options{
                .speed = speed, .pitch = pitch, .sharpness = sharpness, .vocoder = vocoder, .threads = threads};
            for (const auto& [symbol, seconds] : durations) options.durations.push_back({symbol, seconds});
            return voice.Speak(text, options);
          },
          nb::arg("text"), nb::kw_only(), nb::arg("speed") = usual.speed, nb::arg("pitch") = usual.pitch,
          nb::arg("sharpness") = usual.sharpness, nb::arg("vocoder") = usual.vocoder, nb::arg("durations") = Durations(),
          nb::arg("threads") = usual.threads, Released());
}

const ModelBinding binding(&BindVoice);

}  // namespace
}  // namespace eddy::python
