namespace Microcosm.Chubby.Client;

/// <summary>What is known of a file beside its contents (OSDI'06 2.2).</summary>
/// <param name="Instance">Greater than that of any earlier file of the name.</param>
/// <param name="ContentGeneration">Grows with each write of the contents; 0 at first.</param>
/// <param name="LockGeneration">Grows when the lock goes from free to held.</param>
/// <param name="AclGeneration">Grows with each write of the ACL.</param>
/// <param name="Length">Bytes of contents.</param>
/// <param name="Checksum">64 bits of the contents (FNV-1a): equal contents have equal ones.</param>
/// <param name="IsDirectory">It was made as one.</param>
/// <param name="IsEphemeral">It goes when nobody has it open any more, or, made through ZooKeeper, with its session.</param>
public readonly record struct FileStat(long Instance, long ContentGeneration, long LockGeneration, long AclGeneration, int Length,
    ulong Checksum, bool IsDirectory, bool IsEphemeral);
