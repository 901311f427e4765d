using System.CommandLine;
using System.Text.Json.Nodes;
using Microcosm.Simulation;

namespace Microcosm.Cli;

/// <summary><c>cosm sim</c>: runs a workload over seeds until one fails, and shrinks that one's faults.</summary>
internal static class Sim
{
    public static Command Command()
    {
        var workload = new Argument<string?>("workload")
        {
            Description = "redis-counters; --list shows all.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var list = new Option<bool>("--list") { Description = "Show the workloads, a line each." };
        var seeds = new Option<int?>("--seeds") { Description = "How many; 100, or 1 with --faults.", HelpName = "N" };
        var seed = new Option<ulong>("--seed") { Description = "The first.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var threads = new Option<int>("--threads") { Description = "Simulations side by side.",
            DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
        seeds.Validators.Add(r => Demand(r, r.GetValueOrDefault<int?>() is null or > 0, "--seeds is at least 1"));
        threads.Validators.Add(r => Demand(r, r.GetValueOrDefault<int>() > 0, "--threads is at least 1"));
        var command = new Command("sim", "Simulate a workload over many seeds.")
            { workload, list, seeds, seed, threads, SimOptions.Faults, SimOptions.Planted };
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(list))
                return List(parsed);
            if (parsed.GetValue(workload) is not { } name)
                return Output.Fail(ExitCode.Usage, "say which workload; 'cosm sim --list' shows them");
            var options = SimOptions.Of(parsed) with
            {
                First = parsed.GetValue(seed),
                Count = parsed.GetValue(seeds) ?? (parsed.GetValue(SimOptions.Faults) is null ? 100 : 1),
                Threads = parsed.GetValue(threads),
            };
            var report = await Waiting.ShowAsync(name, options.Count, progress =>
                SeedRunner.Run(Catalog.Workload(name).Create, options with { OnSeedDone = progress }));
            Console.WriteLine(Output.IsJson(parsed) ? report.ToJson() : report.ToText());
            return report.Failure is null ? ExitCode.Ok : ExitCode.SeedFailed;
        });
        return command;
    }

    private static int List(ParseResult parsed)
    {
        if (Output.IsJson(parsed))
        {
            Output.Json(new JsonArray([.. Catalog.Workloads.Select(w => new JsonObject { ["name"] = w.Name, ["summary"] = w.Summary })]));
            return ExitCode.Ok;
        }
        foreach (var workload in Catalog.Workloads)
            Console.WriteLine($"{workload.Name,-20} {workload.Summary}");
        return ExitCode.Ok;
    }

    private static void Demand(System.CommandLine.Parsing.OptionResult result, bool isRight, string rule)
    {
        if (!isRight)
            result.AddError(rule);
    }
}
