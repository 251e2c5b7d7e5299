// SpellingSounds: the phonemes of words, by a lexicon, and of those that it lacks by a model that has learned to translate
// spellings to sounds. A voice that reads by them carries both in its own model file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/side_format.h"
#include "eddy/tasks/translate.h"
#include "model/model_file.h"
#include "tasks/speak/lexicon.h"

namespace eddy {

class SpellingSounds {
 public:
  // Throws Error for a model of another task, and for one whose sources are not cut into characters.
  explicit SpellingSounds(const TrainedModel& model, Lexicon lexicon = {});
  // The same of files; `lexicon` may be empty for none.
  static std::shared_ptr<const SpellingSounds> Load(const std::string& model, const std::string& lexicon);

  bool Knows(std::string_view letter) const;  // one code point
  // Of a word in small letters that it knows; may be none. Costs a beam search where the lexicon lacks it.
  std::vector<std::string> Phonemes(const std::string& word) const;
  std::string digest() const;  // of all that decides what it says

  // Into a voice's model, in whose precision the weights are stored, and out of it again; none where there is none.
  void AddTo(Model& voice) const;
  static std::shared_ptr<const SpellingSounds> TakeFrom(Model& voice);

 private:
  Translator translator_;
  Lexicon lexicon_;
  Vocabulary letters_;
  SideUnit unit_;  // of the phonemes
};

}  // namespace eddy
