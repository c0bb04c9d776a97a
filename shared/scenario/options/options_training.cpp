#include <limits>
#include <string>

#include "data/source.hpp"
#include "model/phantom_model.hpp"
#include "scenario/options/option_groups.hpp"

namespace lockstep::scenario {
namespace {

Kind model_kind() {
    std::vector<std::string> names{Config{}.model, "phantom"};
    for (const model::PhantomModel& phantom : model::phantom_models()) names.emplace_back(phantom.name);
    return choice(
        names, [=](Config& config, std::size_t index) { config.model = names[index]; },
        [](const Config& config) { return config.model; });
}

/// The word before the colon is kept in lower case, so that runs of `MNIST:DIR` and `mnist:DIR` are alike.
Kind data_source() {
    Kind kind = text(&Config::data, "SOURCE", "digits, mnist:DIR, fashion-mnist:DIR", Empty::refused);
    kind.set = [set = kind.set](Config& config, std::string_view subject, std::string_view value) {
        set(config, subject, data::canonical_spec(std::string(value)));
    };
    return kind;
}

}  // namespace

std::vector<Option> method_options() {
    return {
        {"method", Group::method, choice(&Config::method), "How the workers agree on parameters."},
        {"workers", Group::method, whole(&Config::workers, {1, 65536}),
         "Processes that compute gradients. A dedicated server is one more."},
        {"collective", Group::method, choice(&Config::collective),
         "Algorithm of sums and averages over workers. All but library (the MPI library's own) add in a "
         "fixed "
         "order."},
        {"server", Group::method, choice(&Config::server),
         "Where the shared parameters of in-turn and easgd are. dedicated: on an extra rank; none: in "
         "in-turn "
         "they travel as a token from worker to worker, in easgd every worker has a copy and all exchange at "
         "once."},
        {"update", Group::method, choice(&Config::update),
         "What in-turn and by-arrival do with a worker's parameters w and the shared v. delta: v += w - (v "
         "as the "
         "worker last received it); mix: v = (1 - beta) v + beta w; replace: v = w."},
        {"beta", Group::method, positive_real(&Config::beta, 1), "Weight of the worker in --update mix."},
    };
}

std::vector<Option> data_options() {
    return {
        {"data", Group::data, data_source(),
         "Images to learn. digits: generated; mnist:DIR, fashion-mnist:DIR: the four IDX files of MNIST or "
         "of "
         "a data set like it in DIR, raw or gzip; mnist:DIR/NAME: those whose names begin with NAME, such as "
         "emnist-letters. Their labels tell the number of classes."},
        {"train-samples", Group::data, whole_or_all(&Config::train_samples, from_one),
         "Use only the first N training samples."},
        {"test-samples", Group::data, whole_or_all(&Config::test_samples, from_one),
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
        {"parameters", Group::model, quantity(&Config::parameters, Quantity::count, {"0", "536.870911M"}),
         "Of the phantom model."},
        {"flops-per-sample", Group::model,
         quantity_or_none(&Config::flops_per_sample, Quantity::count, {"0", "1000000T"}),
         "Multiply-adds of the phantom model's forward pass on one sample, which the literature calls its "
         "FLOPs; "
         "training takes 6 operations for each."},
        {"hidden", Group::model, whole_list(&Config::hidden, {1, 65536}),
         "Sizes of the hidden layers; nothing: softmax regression."},
        {"activation", Group::model, choice(&Config::activation),
         "Activation function of the hidden layers."},
        {"loss", Group::model, choice(&Config::loss), "What training minimises."},
    };
}

std::vector<Option> training_options() {
    return {
        {"batch", Group::training, whole_or_all(&Config::batch, from_one),
         "Samples of one step of one worker; all: the worker's whole part (gradient descent)."},
        {"lr", Group::training, positive_real(&Config::lr), "Learning rate of the first epoch."},
        {"lr-decay", Group::training, positive_real(&Config::lr_decay, 1),
         "The learning rate is multiplied by this after each epoch."},
        {"optimiser", Group::training, choice(&Config::optimiser),
         "What a gradient does to parameters. sgd: w -= lr g; momentum: u = m u - lr g, w += u; nesterov: "
         "the "
         "same with the gradient at w + m u."},
        {"momentum", Group::training, proper_fraction(&Config::momentum), "m of --optimiser."},
        {"epochs", Group::training, whole(&Config::epochs, {1, 1'000'000}),
         "Passes over the training samples."},
        {"seed", Group::training, whole(&Config::seed, {}),
         "Of everything random: initial parameters, order of samples, generated images, and the platform's "
         "draws where --platform-seed does not say otherwise."},
    };
}

std::vector<Option> measure_options() {
    return {
        {"evaluate", Group::measures, choice(&Config::evaluate),
         "Whose parameters are tested. shared: the shared ones; workers: each worker's own too."},
        {"evaluations", Group::measures, whole(&Config::evaluations, {1, 1'000'000}),
         "Tests in each epoch, evenly spaced, at most one a round."},
        {"target-accuracy", Group::measures, positive_real_or_none(&Config::target_accuracy, 1),
         "Share of the test set to be classified rightly; the time until then is reported, found by tests as "
         "dense as it takes."},
        {"target-loss", Group::measures, positive_real_or_none(&Config::target_loss, 1'000'000),
         "The same for a loss on the test set to come down to."},
        {"time-budget", Group::measures,
         quantity_or_none(&Config::time_budget_s, Quantity::time, {"0s", "1000000h"}),
         "The accuracy at this time is reported, found by tests next to it."},
    };
}

std::vector<Option> output_options() {
    return {
        {"format", Group::output, choice(&Config::format), "Of the result on standard output."},
        {"out", Group::output, text(&Config::out, "DIR", "a folder, or nothing", Empty::allowed),
         "Folder for result.json, history.csv, updates.csv and what --events asks for; nothing: no files."},
        {"events", Group::output, choice(&Config::events),
         "What each rank did and when, in --out. summary: activities.csv, sums by activity and partner; "
         "full: that, and every event in events/."},
        {"record", Group::output, text(&Config::record, "FILE", "a file, or nothing", Empty::allowed),
         "File for the order in which messages were taken, for --replay; nothing: none."},
        {"progress", Group::output, choice(&Config::progress),
         "Progress on standard error; auto: where that is a terminal."},
    };
}

}  // namespace lockstep::scenario
