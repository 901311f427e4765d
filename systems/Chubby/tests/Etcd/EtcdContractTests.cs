using System.Runtime.CompilerServices;
using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>etcd's contract.txt stands beside its sources: the folder's own is ZooKeeper's.</summary>
public sealed class EtcdContractTests
{
    /// <summary><c>MICROCOSM_UPDATE=1</c> writes the file anew.</summary>
    [Fact]
    public void The_contract_is_fresh()
    {
        var file = Path.Combine(Path.GetDirectoryName(Here())!, "../../src/Etcd/contract.txt");
        if (Environment.GetEnvironmentVariable("MICROCOSM_UPDATE") == "1")
            File.WriteAllText(file, EtcdOperations.Contract);
        Assert.Equal(EtcdOperations.Contract, File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
