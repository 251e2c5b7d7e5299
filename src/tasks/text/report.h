// What to show of a language model: the report that training writes, and a look inside while it reads a sample.
#pragma once

#include "eddy/threads.h"
#include "eddy/train.h"
#include "floors/ngram.h"
#include "inspect/inside.h"
#include "report/report.h"
#include "report/sections.h"
#include "tasks/text/model.h"
#include "tasks/text/training.h"

namespace eddy {

// While it reads the beginning of a text; the loss is that of the token after it.
Inside LookInsideText(TextModel& model, const Corpus& text, Threads& threads);

std::string_view UnitName(TextUnit unit);  // "character"
std::string LossUnit(TextUnit unit);       // "nats a character"

struct TextOutcome {
  double nats = 0;  // a token of what is held out
  NgramScore floor;
  Verdict verdict;
};
TextOutcome CompareWithFloor(const TextScore& score, const NgramScore& floor, TextUnit unit);

Report MakeTextReport(TextModel& model, const Corpus& held_out, const TextOutcome& outcome, const TrainingResult& training,
                      std::string title, Threads& threads);

}  // namespace eddy
