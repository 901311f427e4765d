using System.Globalization;

namespace Microcosm.SideBySide;

/// <summary>A process and all that it has started, by the kernel's accounting.</summary>
internal static class ProcessTree
{
    // USER_HZ, the same on all of Linux.
    private const double TicksPerSecond = 100;

    /// <summary>User and system time so far: all threads, JIT and collector included.</summary>
    public static double CpuSeconds(int root) =>
        Members(root).Sum(p => Read(p, root, "stat") is { } stat ? Ticks(stat) : 0) / TicksPerSecond;

    /// <summary>Resident memory.</summary>
    public static long ResidentBytes(int root) =>
        Members(root).Sum(p => Read(p, root, "status") is { } status ? Kilobytes(status) * 1024 : 0);

    private static List<int> Members(int root)
    {
        List<int> all = [root];
        for (var i = 0; i < all.Count; i++)
        {
            // A process has the children of each of its threads.
            foreach (var thread in Threads(all[i]))
            {
                all.AddRange((Read(all[i], root, $"task/{Path.GetFileName(thread)}/children") ?? "")
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
            }
        }
        return all;
    }

    private static string[] Threads(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    // Null for a child that has ended meanwhile: nginx' old workers do, when it loads its configuration anew.
    private static string? Read(int process, int root, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (IOException) when (process != root || file.StartsWith("task", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static long Ticks(string stat)
    {
        // The name before may have blanks.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    // A zombie has none.
    private static long Kilobytes(string status) =>
        status.Split('\n').FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) : 0;
}
