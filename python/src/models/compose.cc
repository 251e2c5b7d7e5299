// Composers.
#include "eddy/tasks/compose.h"

#include <nanobind/stl/string.h>

#include "models.h"

namespace eddy::python {
namespace {

nb::bytes BytesOf(const std::string& midi) { return nb::bytes(midi.data(), midi.size()); }

const char* NameOf(MusicGrid grid) {
  switch (grid) {
    case MusicGrid::kSixteenth:
      return "16th";
    case MusicGrid::kQuarter:
      return "quarter";
    case MusicGrid::kEvents:
      break;
  }
  return "events";
}

void BindComposer(nb::module_& m) {
  const CompositionOptions usual;
  BindModel<Composer>(m, "ComposerModel", "Music.")
      .def_prop_ro("grid", [](const Composer& model) { return NameOf(model.grid()); })
      .def_prop_ro("harmonises", &Composer::harmonises)
      .def(
          "compose",
          [](const Composer& model, const Data& from, bool without_primer, size_t bars, double temperature, double top_p,
             uint64_t seed) {
            return BytesOf(WithoutLock([&] {
              return model.Compose({from, without_primer, bars, temperature, top_p, seed});
            }));
          },
          nb::arg("from_") = usual.from, nb::kw_only(), nb::arg("without_primer") = usual.without_primer,
          nb::arg("bars") = usual.bars, nb::arg("temperature") = usual.temperature, nb::arg("top_p") = usual.top_p,
          nb::arg("seed") = usual.seed, "The bytes of a MIDI file.")
      .def(
          "harmonise",
          [](const Composer& model, const Data& melody, double temperature, double top_p, uint64_t seed, size_t beam,
             bool free_voices) {
            CompositionOptions options;
            options.temperature = temperature;
            options.top_p = top_p;
            options.seed = seed;
            options.beam = beam;
            options.free_voices = free_voices;
            return BytesOf(WithoutLock([&] { return model.Harmonise(melody, options); }));
          },
          nb::arg("melody"), nb::kw_only(), nb::arg("temperature") = usual.temperature, nb::arg("top_p") = usual.top_p,
          nb::arg("seed") = usual.seed, nb::arg("beam") = usual.beam, nb::arg("free_voices") = usual.free_voices,
          "The melody's MIDI file with voices below it.");
}

const ModelBinding binding(&BindComposer);

}  // namespace
}  // namespace eddy::python
