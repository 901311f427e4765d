using System.Globalization;
using System.Text;
using Microcosm.SideBySide;

namespace Microcosm.Edge;

/// <summary>bench/nginx --floods: every attack on ours and on nginx, each on a server that has just started.</summary>
internal static class Floods
{
    public static async Task<string> RunAsync(string ours, Configurations configurations, int seconds, string only)
    {
        File.WriteAllBytes(configurations.Folder + "/html/100m.txt", new byte[100 << 20]);
        using var endless = new EndlessOrigin();
        var text = new StringBuilder(
            $"# NGINX under attack\n\n{Machine.Describe()}\nEach attack lasts {seconds} s, on a server that has just started; one worker. "
            + "Memory is the resident set of all processes in MiB: before, the most, and 3 s after. Meanwhile another client asks for "
            + "1 KiB ten times a second, each time anew: answered of asked, and the longest time in ms.\n\n"
            + "| attack | server | before | most | after | answered | longest ms |\n|---|---|---:|---:|---:|---:|---:|\n");
        foreach (var (name, attack) in Attacks.All.Where(a => a.Name.Contains(only, StringComparison.Ordinal)))
        {
            foreach (var (server, program, port) in new[] { ("nginx", "nginx", 19082), ("ours", ours, 19084) })
            {
                Console.Error.WriteLine($"  {name}: {server}");
                using var running =
                    EdgeServer.Start(server, port, configurations.Folder, program, "-c", configurations.Nginx(server, port));
                var r = await FloodRun.RunAsync(running, attack, seconds);
                text.Append(CultureInfo.InvariantCulture,
                    $"| {name} | {server} | {r.Before:0} | {r.Peak:0} | {r.After:0} | {r.Answered} of {r.Asked} | {r.LongestMs:0} |\n");
            }
        }
        return text.ToString();
    }
}
