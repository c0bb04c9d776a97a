#include <limits>
#include <string>

#include "data/source.hpp"
#include "model/phantom_model.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::scenario {
namespace {

using option::choice;
using option::Empty;
using option::from_one;
using option::of;
using option::positive_real;
using option::positive_real_or_none;
using option::quantity;
using option::quantity_or_none;
using option::text;
using option::whole;
using option::whole_list;
using option::whole_or;

Kind model_kind() {
    std::vector<std::string> names{Config{}.model, "phantom"};
    for (const model::PhantomModel& phantom : model::phantom_models()) names.emplace_back(phantom.name);
    return of(&Config::model, option::one_of(names));
}

/// The word before the colon is kept in lower case, so that runs of `MNIST:DIR` and `mnist:DIR` are alike.
Kind data_source() {
    Kind kind = {&Config::data, text("SOURCE", "digits, mnist:DIR, fashion-mnist:DIR", Empty::refused)};
    kind.set = [set = kind.set](Config& config, std::string_view subject, std::string_view value) {
        set(config, subject, data::canonical_spec(std::string(value)));
    };
    return kind;
}

}  // namespace

std::vector<Option> run_options() {
    return {
        {"method", Group::method, choice(&Config::method), "How the workers agree on parameters."},
        {"workers", Group::method, of(&Config::workers, whole({1, 65536})),
         "Processes that compute gradients. A dedicated server is one more."},
    };
}

std::vector<Option> data_options() {
    return {
        {"data", Group::data, data_source(),
         "Images to learn. digits: generated; mnist:DIR, fashion-mnist:DIR: the four IDX files of MNIST or "
         "of "
         "a data set like it in DIR, raw or gzip; mnist:DIR/NAME: those whose names begin with NAME, such as "
         "emnist-letters. Their labels tell the number of classes."},
        {"train-samples", Group::data, of(&Config::train_samples, whole_or("all", from_one)),
         "Use only the first N training samples."},
        {"test-samples", Group::data, of(&Config::test_samples, whole_or("all", from_one)),
         "Use only the first N test samples."},
        {"partition", Group::data, choice(&Config::partition),
         "shard: each worker has its own part of the training set; replicate: each has all of it, in its own "
         "order."},
    };
}

std::vector<Option> model_options() {
    return {
        {"model", Group::model, model_kind(),
         "What is trained. fully-connected: the layers below; phantom: nothing, but as many parameters and "
         "operations as the next two options say, for timing only; the others: phantoms of these networks."},
        {"parameters", Group::model, of(&Config::parameters, quantity(Quantity::count, {"0", "536.870911M"})),
         "Of the phantom model."},
        {"flops-per-sample", Group::model,
         of(&Config::flops_per_sample, quantity_or_none(Quantity::count, {"0", "1000000T"})),
         "Multiply-adds of the phantom model's forward pass on one sample, which the literature calls its "
         "FLOPs; "
         "training takes 6 operations for each."},
        {"hidden", Group::model, of(&Config::hidden, whole_list({1, 65536})),
         "Sizes of the hidden layers; nothing: softmax regression."},
        {"activation", Group::model, choice(&Config::activation),
         "Activation function of the hidden layers."},
        {"loss", Group::model, choice(&Config::loss), "What training minimises."},
    };
}

std::vector<Option> training_options() {
    std::vector<Option> all{
        {"batch", Group::training, of(&Config::batch, whole_or("all", from_one)),
         "Samples of one step of one worker; all: the worker's whole part (gradient descent)."},
        {"lr", Group::training, of(&Config::lr, positive_real()), "Learning rate of the first epoch."},
        {"lr-decay", Group::training, of(&Config::lr_decay, positive_real(1)),
         "The learning rate is multiplied by this after each epoch."},
        {"epochs", Group::training, of(&Config::epochs, whole({1, 1'000'000})),
         "Passes over the training samples."},
        {"seed", Group::training, of(&Config::seed, whole({})),
         "Of everything random: initial parameters, order of samples, generated images, and the platform's "
         "draws where --platform-seed does not say otherwise."},
    };
    for (const auto& option : exchange::Optimising::options())
        all.push_back({option.key, Group::training, option.kind, std::string(option.help)});
    return all;
}

std::vector<Option> measure_options() {
    return {
        {"evaluate", Group::measures, choice(&Config::evaluate),
         "Whose parameters are tested. shared: the shared ones; workers: each worker's own too."},
        {"evaluations", Group::measures, of(&Config::evaluations, whole({1, 1'000'000})),
         "Tests in each epoch, evenly spaced, at most one a round."},
        {"target-accuracy", Group::measures, of(&Config::target_accuracy, positive_real_or_none(1)),
         "Share of the test set to be classified rightly; the time until then is reported, found by tests as "
         "dense as it takes."},
        {"target-loss", Group::measures, of(&Config::target_loss, positive_real_or_none(1'000'000)),
         "The same for a loss on the test set to come down to."},
        {"time-budget", Group::measures,
         of(&Config::time_budget_s, quantity_or_none(Quantity::time, {"0s", "1000000h"})),
         "The accuracy at this time is reported, found by tests next to it."},
    };
}

std::vector<Option> output_options() {
    return {
        {"format", Group::output, choice(&Config::format), "Of the result on standard output."},
        {"out", Group::output, of(&Config::out, text("DIR", "a folder, or nothing", Empty::allowed)),
         "Folder for result.json, history.csv, updates.csv and what --events asks for; nothing: no files."},
        {"events", Group::output, choice(&Config::events),
         "What each rank did and when, in --out. summary: activities.csv, sums by activity and partner; "
         "full: that, and every event in events/."},
        {"record", Group::output, of(&Config::record, text("FILE", "a file, or nothing", Empty::allowed)),
         "File for the order in which messages were taken, for --replay; nothing: none."},
        {"progress", Group::output, choice(&Config::progress),
         "Progress on standard error; auto: where that is a terminal."},
        {"checkpoint", Group::output,
         of(&Config::checkpoint, text("DIR", "a folder, or nothing", Empty::allowed)),
         "Folder for checkpoints, from which the same command, or lockstep resume DIR, goes on, and with one "
         "more of which SIGINT, SIGTERM and SIGUSR1 then end the run; nothing: none."},
        {"checkpoint-every", Group::output, of(&Config::checkpoint_every, checkpoint_interval()),
         "How far they lie apart: epochs, or time on the run's own clock; auto: about a minute of wall time, "
         "and "
         "longer where making one takes more than a hundredth of that."},
        {"rank-timeout", Group::real_runs,
         of(&Config::rank_timeout_s, quantity(Quantity::time, {"1s", "1000h"})),
         "Real world: a rank that has waited so long for a message ends the run, and says for whom it "
         "waited: "
         "more than the slowest needs between two messages."},
    };
}

}  // namespace lockstep::scenario
