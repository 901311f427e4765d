#pragma warning disable RS0030 // the program is no node of a world: signals and waiting are the process'
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microcosm.Http;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Nginx;

/// <summary>The process <c>nginx</c> while it serves: signals, and the server that they act on.</summary>
internal sealed class NginxProcess(ServingStart start, TimeProvider clock)
{
    private const int Failure = 1;
    private const PosixSignal Usr1 = (PosixSignal)10;
    private const PosixSignal Usr2 = (PosixSignal)12;
    private const PosixSignal Winch = (PosixSignal)28;

    private readonly BlockingCollection<PosixSignal> _signals = [];

    /// <summary>Serves until a signal ends it; gives the exit code.</summary>
    public int Run()
    {
        var configuration = start.Configuration;
        if (configuration.Main.Get(CoreModule.Daemon))
        {
            start.Log.Write(LogLevel.Emerg, "going to the background is not supported, set \"daemon off;\"");
            return Failure;
        }
        Served.Check(configuration);
        PosixSignal[] handled =
            [PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM, Usr1, Usr2, Winch];
        var registrations = handled.Select(s => PosixSignalRegistration.Create(s, context =>
        {
            context.Cancel = true;
            _signals.Add(context.Signal);
        })).ToArray();
        var workers = configuration.Main.Get(CoreModule.WorkerProcesses) is 0 ? Environment.ProcessorCount
            : (int)configuration.Main.Get(CoreModule.WorkerProcesses);
        var seed = new Seed((ulong)(Environment.TickCount64 ^ Environment.ProcessId));
        var server = new NginxServer(
            new LoopHttpNetwork(workers, clock), configuration, seed,
            new NginxSurroundings(start.Machine, start.Machine.ProcessId, start.Machine.HostName,
                bytes => start.Machine.WriteError(bytes), start.ErrorLog));
        start.Log.Sink = (level, line) => server.ErrorLogSink.Write(server.MainErrorLogs, level, clock.GetLocalNow(), line);
        var code = ServeAsync(server).GetAwaiter().GetResult();
        foreach (var registration in registrations)
            registration.Dispose();
        return code;
    }

    private async Task<int> ServeAsync(NginxServer server)
    {
        await using (server)
        {
            if (!await TryAsync(server.StartAsync))
                return Failure;
            start.Listening();
            start.Log.UsesTerminal = false;
            while (true)
            {
                switch (await NextSignalAsync())
                {
                    case PosixSignal.SIGHUP:
                        start.Log.Write(LogLevel.Notice, "reconfiguring");
                        if (start.Reload() is { } configuration)
                            await TryAsync(() => ReloadAsync(server, configuration));
                        break;
                    case PosixSignal.SIGQUIT:
                        await EndAsync(server);
                        return 0;
                    case Usr1:
                        start.Log.Write(LogLevel.Notice, "reopening logs");
                        server.LogFiles.Reopen();
                        break;
                    case Usr2 or Winch:
                        start.Log.Write(LogLevel.Alert, "changing the binary is not supported");
                        break;
                    default:
                        return 0;
                }
            }
        }
    }

    // Gracefully, unless a signal says that it is to be now.
    private async Task EndAsync(NginxServer server)
    {
        var drained = server.DrainAsync();
        while (!drained.IsCompleted)
        {
            var signal = NextSignalAsync();
            if (await Task.WhenAny(drained, signal) == drained || await signal is PosixSignal.SIGTERM or PosixSignal.SIGINT)
                return;
        }
    }

    private Task<PosixSignal> NextSignalAsync() => Task.Run(() => _signals.Take());

    private static Task ReloadAsync(NginxServer server, NginxConfiguration configuration)
    {
        Served.Check(configuration);
        return server.ReloadAsync(configuration);
    }

    private async Task<bool> TryAsync(Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (Exception e) when (e is IOException or AddressInUseException or ConfigurationException)
        {
            start.Log.Write(LogLevel.Emerg, e is AddressInUseException ? $"{e.Message} (98: Address already in use)" : e.Message);
            return false;
        }
    }
}
