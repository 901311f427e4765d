using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microcosm.Chubby.Tests.Etcd;

namespace Microcosm.Chubby.Tests.ZkCli;

/// <summary>Debian's ZooKeeper, one member or three with empty folders, on loopback.</summary>
internal sealed class RealZooKeeper : IAsyncDisposable
{
    /// <summary>The jar names the others that it wants; the second sends logs to the standard error.</summary>
    public const string ClassPath = "/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar";

    /// <summary>For whom nothing is forbidden: <c>super:secret</c>.</summary>
    public const string SuperDigest = "super:lK75jTNcA+U9vtVEw5vB51mj/w4=";

    /// <summary>Of <c>bob</c>.</summary>
    public const string SaslPassword = "b\\o,\"b";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly List<Process> _processes = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("zookeeper-").FullName;

    private RealZooKeeper(int members) => Lines = [.. Enumerable.Range(1, members).Select(id => string.Create(CultureInfo.InvariantCulture,
        $"server.{id}=127.0.0.1:{RealEtcd.FreePort()}:{RealEtcd.FreePort()}:participant;127.0.0.1:{RealEtcd.FreePort()}"))];

    /// <summary>The members as a configuration names them.</summary>
    public string[] Lines { get; }

    /// <summary>A file by which Java's clients show that they are bob.</summary>
    public string ClientJaas => Jaas("Client", "username=\"bob\" password");

    /// <summary>Where clients come.</summary>
    public string[] Endpoints => [.. Lines.Select(l => l.Split(';')[1])];

    /// <summary>Starts it, or skips the test where it is missing.</summary>
    public static async Task<RealZooKeeper> StartAsync(int members, string more = "")
    {
        Assert.SkipUnless(RealEtcd.IsInstalled("java") && File.Exists("/usr/share/java/zookeeper.jar"),
            "java or ZooKeeper is missing (Debian packages default-jre-headless, zookeeper, libslf4j-java)");
        var peer = new RealZooKeeper(members);
        var jaas = peer.Jaas("Server", "user_bob");
        await Task.WhenAll(Enumerable.Range(1, members).Select(id => peer.StartMemberAsync(id, jaas, more)));
        return peer;
    }

    /// <summary>What a four-letter word is answered with.</summary>
    public static async Task<string> AskAsync(string endpoint, string word)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", int.Parse(endpoint.Split(':')[^1], CultureInfo.InvariantCulture));
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(word));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    // What quotes stands quoted.
    private string Jaas(string section, string user)
    {
        var file = Path.Combine(_folder, section + ".jaas");
        File.WriteAllText(file, $"{section} {{ org.apache.zookeeper.server.auth.DigestLoginModule required {user}=\""
            + SaslPassword.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"; };\n");
        return file;
    }

    private async Task StartMemberAsync(int id, string jaas, string more)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, $"{id}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "myid"), $"{id}");
        var own = Lines.Length == 1 ? $"clientPort={Endpoints[0].Split(':')[1]}\n" : string.Join('\n', Lines) + "\n";
        await File.WriteAllTextAsync(Path.Combine(folder, "zoo.cfg"),
            $"tickTime=2000\ninitLimit=10\nsyncLimit=5\ndataDir={folder}\nadmin.enableServer=false\n4lw.commands.whitelist=*\n{more}{own}");
        var start = new ProcessStartInfo("java")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
            ArgumentList =
            {
                "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dzookeeper.extendedTypesEnabled=true",
                "-Dzookeeper.DigestAuthenticationProvider.superDigest=" + SuperDigest,
                "-Dzookeeper.authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
                "-Djava.security.auth.login.config=" + jaas,
                "-cp", ClassPath, "org.apache.zookeeper.server.quorum.QuorumPeerMain", Path.Combine(folder, "zoo.cfg"),
            },
        };
        var process = Process.Start(start)!;
        _processes.Add(process);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object sender, DataReceivedEventArgs line)
        {
            if (line.Data?.Contains(Lines.Length == 1 ? ") started, reconfigEnabled" : "- broadcast", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        }
        process.ErrorDataReceived += Look;
        process.OutputDataReceived += Look;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await ready.Task.WaitAsync(Patience);
    }
}
