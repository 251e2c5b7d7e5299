// SpellingSounds: the phonemes of words, by a model that has learned to translate spellings to sounds. A voice that reads by
// one carries it in its own model file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/side_format.h"
#include "eddy/tasks/translate.h"
#include "model/model_file.h"

namespace eddy {

class SpellingSounds {
 public:
  // Throws Error for a model of another task, and for one whose sources are not cut into characters.
  explicit SpellingSounds(const TrainedModel& model);

  bool Knows(std::string_view letter) const;  // one code point
  // Of a word of letters that it knows; may be none. Costs a beam search.
  std::vector<std::string> Phonemes(const std::string& word) const;
  std::string digest() const;  // of all that decides what it says

  // Into a voice's model, in whose precision the weights are stored, and out of it again; none where there is none.
  void AddTo(Model& voice) const;
  static std::shared_ptr<const SpellingSounds> TakeFrom(Model& voice);

 private:
  Translator translator_;
  Vocabulary letters_;
  SideUnit unit_;  // of the phonemes
};

}  // namespace eddy
