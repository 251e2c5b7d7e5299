#include "tasks/speak/options.h"

#include "tasks/reading.h"
#include "tasks/train_options.h"

namespace eddy {

void Declare(VoiceOptions& o, OptionTable& table) {
  table.Group("Recordings");
  AddHeldOut(table, o.held_out, "recordings to judge by: a share, or a manifest");
  table.Flag("strict", o.strict, kStrictHelp);
  table
      .Add("alignments", o.alignments, AnyText("FOLDER"),
           "where the files NAME.lab are that say when each phoneme of NAME.wav ends")
      .Usually("beside the sounds; without any, letters are aligned with the sound");
  table
      .Add("sounds", o.sounds, AnyText("MODEL"),
           "a model of spellings to sounds (eddy train translate): the voice learns the phonemes of words, and keeps the "
           "model")
      .Excludes("alignments")
      .OfTheRun();
  table
      .Add("lexicon", o.lexicon, AnyText("FILE"),
           "words and their phonemes, one a line with a tab between, which come before what the model of sounds says; the "
           "voice keeps them")
      .Needs("sounds")
      .OfTheRun();
  table.Group("What is heard of sound");
  table.Add("rate", o.rate, WholeNumber(8000, 48'000), "samples a second; sound of other rates is resampled");
  table.Add("frame-ms", o.frame_ms, Number(2, 20), "from one frame to the next");
  table.Add("order", o.order, WholeNumber(12, 60), "of the mel-cepstrum");
  table.Add("low", o.low, Number(40, 900), "Hz: the lowest pitch of the voice");
  table.Add("high", o.high, Number(60, 1000), "Hz: the highest");
  Declare(o.train, table, Layers::kAny);
  table.Find("layers").Usually("2");
  table.Group("Network");
  table
      .Add("vocoder-epochs", o.vocoder_epochs, Number(0, 100'000),
           "times over the recordings that the neural vocoder learns from them, after the network; 0 for none")
      .Usually("20; with --minutes, four tenths of these")
      .OfTheRun();
  table.Add("embedding", o.embedding, WholeNumber(1, 4096), "numbers that stand for a letter").Usually("64");
  table.Add("text-hidden", o.text_hidden, WholeNumber(1, 1 << 14), "units of the layer that reads the text, each way")
      .Usually("128");
}

void DeclareSpeaking(SpeakOptions& o, OptionTable& table) {
  table.Group("How it is said");
  table.Add("speed", o.speed, Number(0.25, 4), "2 for twice as fast");
  table.Add("pitch", o.pitch, Number(0.25, 4), "2 for twice as high");
  table.Add("vocoder", o.vocoder, OneOf({"auto", "source-filter", "neural"}),
            "what makes the sound: auto for the neural one where it is the better");
  table.Add("sharpness", o.sharpness, Number(0, 2),
            "how much of what averaging takes from the spectrum is given back; 0 for what the network says");
}

}  // namespace eddy
