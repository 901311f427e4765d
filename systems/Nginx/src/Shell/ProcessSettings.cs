#pragma warning disable RS0030 // the process' own surroundings
using System.Runtime.InteropServices;

namespace Microcosm.Nginx;

/// <summary>
/// What the main level says of the process, done once it listens (ngx_worker_process_init): environment, limits, user, folder; and of the
/// threads of its workers: priority, processors. What fails is said in the log, and is the end where nginx ends.
/// </summary>
internal sealed class ProcessSettings(Level main, ProgramLog log)
{
    private const int ProcessorsMax = 1024;

    /// <summary>False: the process cannot go on.</summary>
    /// <param name="files">What the user has to be able to write to.</param>
    public unsafe bool TryApply(IReadOnlyList<NginxWorker> workers, IEnumerable<string> files)
    {
        SetEnvironment();
        Limit(ProcessCalls.ResourceFiles, "NOFILE", main.Get(CoreModule.WorkerRlimitNofile));
        Limit(ProcessCalls.ResourceCore, "CORE", main.Get(CoreModule.WorkerRlimitCore));
        if (!TryBecomeUser(files))
            return false;
        foreach (var worker in workers)
            worker.Http.Executor.Post(() => ApplyToThread(worker.Http.Index));
        if (main.Get(CoreModule.WorkingDirectory) is not { } folder || ProcessCalls.ChangeFolder(ToPath(folder)) == 0)
            return true;
        Fail(LogLevel.Alert, $"chdir(\"{folder}\") failed");
        return false;
    }

    /// <summary>The processors of a worker, lowest bit first; null for any (ngx_get_cpu_affinity).</summary>
    public static byte[]? ProcessorsOf(IReadOnlyList<string> masks, int worker, int processors)
    {
        if (masks.Count == 0)
            return null;
        if (masks[0] != "auto")
            return Bits(masks[Math.Min(worker, masks.Count - 1)]);
        // One each, of those that the mask has.
        var all = masks.Count > 1 ? Bits(masks[1]) : Bits(new string('1', Math.Min(processors, ProcessorsMax)));
        var own = Enumerable.Range(0, ProcessorsMax).Where(i => (all[i / 8] & 1 << (i % 8)) != 0).ToArray();
        if (own.Length == 0)
            return null;
        var mask = new byte[ProcessorsMax / 8];
        var chosen = own[worker % own.Length];
        mask[chosen / 8] = (byte)(1 << (chosen % 8));
        return mask;
    }

    private static byte[] Bits(string text)
    {
        var bits = new byte[ProcessorsMax / 8];
        var at = 0;
        foreach (var digit in text.Replace(" ", "").Reverse().Take(ProcessorsMax))
        {
            if (digit == '1')
                bits[at / 8] |= (byte)(1 << (at % 8));
            at++;
        }
        return bits;
    }

    private unsafe void ApplyToThread(int worker)
    {
        var priority = (int)main.Get(CoreModule.WorkerPriority);
        if (priority != 0 && ProcessCalls.SetPriority(0, 0, priority) != 0)
            Fail(LogLevel.Alert, $"setpriority({priority}) failed");
        if (ProcessorsOf(main.Get(CoreModule.CpuAffinity), worker, Environment.ProcessorCount) is not { } mask)
            return;
        fixed (byte* bits = mask)
        {
            if (ProcessCalls.SetAffinity(0, (nuint)mask.Length, bits) != 0)
                Fail(LogLevel.Alert, "sched_setaffinity() failed");
        }
    }

    // Only what the configuration names stays, and the time zone.
    private void SetEnvironment()
    {
        var named = main.Get(CoreModule.Environment);
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            if (name != "TZ" && !named.Any(n => n.Name == name))
                Environment.SetEnvironmentVariable(name, null);
        }
        foreach (var (name, value) in named)
        {
            if (value.Length > 0)
                Environment.SetEnvironmentVariable(name, value);
        }
        if (named.Any(n => n.Name == "TZ"))
            TimeZoneInfo.ClearCachedData();
    }

    private unsafe void Limit(int resource, string name, long value)
    {
        if (value < 0)
            return;
        var limit = new ProcessCalls.ResourceLimit { Current = (ulong)value, Max = (ulong)value };
        if (ProcessCalls.SetLimit(resource, &limit) != 0)
            Fail(LogLevel.Alert, $"setrlimit(RLIMIT_{name}, {value}) failed");
    }

    private bool TryBecomeUser(IEnumerable<string> files)
    {
        if (main.Get(CoreModule.User) is not { } user || ProcessCalls.GetUser() != 0)
            return true;
        if (ProcessCalls.FindUser(user.Name) is not { } found)
            return Fail(LogLevel.Emerg, $"getpwnam(\"{user.Name}\") failed");
        if (ProcessCalls.FindGroup(user.Value) is not { } group)
            return Fail(LogLevel.Emerg, $"getgrnam(\"{user.Value}\") failed");
        if (found.User == 0 && group == ProcessCalls.GetGroup())
            return true;
        foreach (var file in files)
        {
            if (ProcessCalls.ChangeOwner(ToPath(file), found.User, group) != 0)
                Fail(LogLevel.Emerg, $"chown(\"{file}\", {found.User}) failed");
        }
        if (ProcessCalls.SetGroup(group) != 0)
            return Fail(LogLevel.Emerg, $"setgid({group}) failed");
        if (ProcessCalls.SetGroupsOf(user.Name, group) != 0)
            Fail(LogLevel.Emerg, $"initgroups({user.Name}, {group}) failed");
        return ProcessCalls.SetUser(found.User) == 0 || Fail(LogLevel.Emerg, $"setuid({found.User}) failed");
    }

    private bool Fail(LogLevel level, string message)
    {
        var errno = Marshal.GetLastPInvokeError();
        log.Write(level, errno == 0 ? message : $"{message} ({errno}: {ProgramMachine.TextOf(errno)})");
        return false;
    }

    private static string ToPath(string text) => System.Text.Encoding.UTF8.GetString(Latin1.Bytes(text));
}
