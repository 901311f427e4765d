using System.CommandLine;
using System.Runtime.InteropServices;
using Microcosm.Runtime;

namespace Microcosm.Cli;

/// <summary><c>cosm up</c>: starts a world and serves until SIGINT or SIGTERM.</summary>
internal static class Up
{
    public static Command Command()
    {
        var systems = new Argument<string[]>("systems") { Description = "Systems to start; all when none is named.",
            Arity = ArgumentArity.ZeroOrMore };
        var data = new Option<string?>("--data") { Description = "Folder for the nodes' disks.", HelpName = "DIR" };
        var memory = new Option<bool>("--memory") { Description = "Keep disks in memory (the default)." };
        var seed = new Option<ulong>("--seed") { Description = "Where every random decision comes from.", DefaultValueFactory = _ => 1,
            HelpName = "N" };
        var ports = new Option<string>("--ports") { Description = "usual: the peers' own ports, free ones where taken; auto: free ports.",
            DefaultValueFactory = _ => "usual" };
        ports.AcceptOnlyFromAmong("usual", "auto");
        var set = new Option<string[]>("--set") { Description = "An option by the peer's own name: redis.maxmemory=100mb.",
            DefaultValueFactory = _ => [], HelpName = "SYSTEM.NAME=VALUE" };
        var external = new Option<string[]>("--external") { Description = "A real system outside of the world, behind a proxy with the "
            + "same faults and traces, in the place of ours: kafka=localhost:29092.", DefaultValueFactory = _ => [],
            HelpName = "SYSTEM=HOST:PORT" };
        var readyFile = new Option<string?>("--ready-file") { Description = "JSON with all endpoints, written once every system serves.",
            HelpName = "FILE" };
        var otlp = new Option<string?>("--otlp") { Description = "Send spans and metrics to a collector, by OTLP over HTTP: "
            + "http://127.0.0.1:4318.", HelpName = "URL" };
        var command = new Command("up", "Start a world.") { systems, data, memory, seed, ports, set, external, readyFile,
            otlp };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(data) is not null && parsed.GetValue(memory))
                return Output.Fail(ExitCode.Usage, "--data and --memory exclude each other");
            // Once now, to refuse a wrong name or value as bad usage; a world, and each fork of it, makes its own.
            Create();
            using var export = parsed.GetValue(otlp) is { } collector ? OtlpExport.Start(collector) : null;
            return await RunAsync(
                w =>
                {
                    foreach (var system in Create())
                        w.Add(system);
                    w.Options.Seed = parsed.GetValue(seed);
                    w.Options.DataFolder = parsed.GetValue(data);
                    w.Options.Ports = parsed.GetValue(ports) == "auto" ? PortPolicy.Ephemeral : PortPolicy.Usual;
                },
                parsed,
                parsed.GetValue(readyFile),
                cancellation);

            List<SystemDefinition> Create() =>
                Catalog.Create(parsed.GetValue(systems)!, parsed.GetValue(set)!, parsed.GetValue(external)!);
        });
        return command;
    }

    private static async Task<int> RunAsync(Action<WorldBuilder> configure, ParseResult parsed, string? readyFile,
        CancellationToken cancellation)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        World world;
        try
        {
            // A large folder takes a while to recover.
            world = await Waiting.ShowAsync("starting", World.StartAsync(configure, cancellation));
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            return Output.Fail(ExitCode.Failed, e.Message);
        }
        await using (world)
        {
            await Task.WhenAll(world.Systems.Select(s => s.PingAsync(cancellation)));
            await using var api = await ControlApi.StartAsync(world, parsed.GetValue(Remote.Port), () => stop.TrySetResult());
            if (readyFile is not null)
                await Ready.WriteFileAsync(world, readyFile);
            if (Output.IsJson(parsed))
                Output.Json(Ready.Describe(world, api));
            else
                Ready.Print(world, api);
            await stop.Task;
        }
        return ExitCode.Ok;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
