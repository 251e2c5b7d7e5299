#include "tasks/transcribe/options.h"

#include "audio/sound.h"
#include "tasks/reading.h"
#include "tasks/transcribe/design.h"

namespace eddy {

void Declare(TranscriberOptions& o, OptionTable& table) {
  table.Group("Recordings");
  AddHeldOut(table, o.held_out, "recordings to judge by: a share, or a manifest");
  table.Flag("strict", o.strict, kStrictHelp);
  table.Add("unit", o.unit, OneOf({"char", "bpe"}),
            "what texts are spelled with: char, or bpe (pieces of words, learned of the transcripts)");
  table.Add("vocabulary", o.vocabulary, WholeNumber(2, 1 << 16), "at most so many different characters, or pieces")
      .Usually("20000; of bpe 256");
  table.Group("What is read of sound");
  table.Add("rate", o.rate, WholeNumber(kLeastRate, kMostRate), "samples a second; sound of other rates is resampled")
      .Usually("that of the first recording, but at most 16000");
  table
      .Add("features", o.features, OneOf({"mfcc", "mel"}), "mfcc, the cepstra of log-mel energies; or mel, these themselves")
      .Usually("mfcc");
  table.Add("mels", o.mels, WholeNumber(1, 1024), "filters on the mel scale").Usually("26; of mel 40");
  table.Add("cepstra", o.cepstra, WholeNumber(1, 1024), "coefficients of mfcc").Usually("13, or as many as filters");
  table.Add("deltas", o.deltas, WholeNumber(0, 2), "slopes beside the features: 0, 1, or 2 for those of slopes as well")
      .Usually("2; 0 with --causal, and of more than 80 numbers a frame");
  table.Add("frame-ms", o.frame_ms, Number(1, 100), "from one frame to the next, also of features from files");
  Declare(o.train, table, Layers::kAny);
  table.Find("layers").Usually("2");
  table.Group("Network");
  table.Flag("causal", o.causal, "let no character depend on later sound: for streams");
  table.Add("reduce", o.reduce, WholeNumber(1, kMostReduction), "frames that become one step").Usually("2");
  table.Add("channels", o.channels, WholeNumber(1, 1 << 16), "of the convolutions in front").Usually("64");
  table.Group("Against learning by heart");
  table.Add("speeds", o.speeds, Number(0.5, 2), "speeds at which sound, or features, are learned");
  table.Add("time-masks", o.time_masks, WholeNumber(0, 100), "stretches of a recording that are hidden (Park 2019)")
      .Usually("2");
  table.Add("frequency-masks", o.frequency_masks, WholeNumber(0, 100), "bands that are hidden; of cepstra none")
      .Usually("2 of mel");
  table
      .Add("splices", o.splices, Probability(),
           "that another word of the same speaker follows than the one that does (Lam 2021)")
      .Usually("0.2");
  table.Add("noise", o.noise, Probability(), "noise, hum and silence to learn as no words, for each recording")
      .Usually("0.05");
}

}  // namespace eddy
