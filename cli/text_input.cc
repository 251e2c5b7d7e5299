#include "text_input.h"

#include "train_options.h"
#include "usage.h"

namespace eddy {

void AddTextInput(CLI::App& verb, TextInput& o) {
  const char* group = "Text";
  verb.add_option("FILE", o.files, "UTF-8 text; several are read one after another")->required();
  CLI::Option* words = verb.add_flag("--words", o.words, "predict words rather than characters")->group(group);
  verb.add_flag("--bytes", o.bytes, "predict bytes, of any file")->excludes(words)->group(group);
  verb.add_flag("--lines", o.text.lines, "each line is a sequence of its own")->group(group);
  verb.add_option("--valid", o.valid, "held-out text: a share of the end, or a file")
      ->type_name("P|FILE")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--vocabulary", o.text.most_tokens, "at most so many different characters or words")
      ->type_name("N")
      ->capture_default_str()
      ->check(WholeNumberIn(2, 1 << 24))
      ->group(group);
}

LoadedText Load(const TextInput& input) {
  TextOptions text = input.text;
  if (input.bytes) text.unit = TextUnit::kBytes;
  if (input.words) text.unit = TextUnit::kWords;
  const HeldOut held_out = ParseHeldOut(input.valid);
  if (held_out.file.empty()) text.valid = held_out.share;
  return LoadText(input.files, held_out.file, text);
}

}  // namespace eddy
