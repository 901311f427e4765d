namespace Microcosm.Chubby;

/// <summary>create and create2: the second answers with the node's stat too.</summary>
internal static class Create
{
    [ZooKeeperOperation("Create", OpCode.Create, IsWrite = true, HasPath = true)]
    public static void Execute(ref ZooKeeperCall call) =>
        call.Propose(Read(ref call.Body, OpCode.Create), static (result, reply) => reply.String(result.Path!));

    [ZooKeeperOperation("Create2", OpCode.Create2, IsWrite = true, HasPath = true, Since = "3.5")]
    public static void ExecuteWithStat(ref ZooKeeperCall call) => call.Propose(Read(ref call.Body, OpCode.Create2), WriteWithStat);

    [ZooKeeperOperation("CreateContainer", OpCode.CreateContainer, IsWrite = true, HasPath = true, Since = "3.5")]
    public static void ExecuteContainer(ref ZooKeeperCall call) =>
        call.Propose(Read(ref call.Body, OpCode.CreateContainer), WriteWithStat);

    [ZooKeeperOperation("CreateTTL", OpCode.CreateTtl, IsWrite = true, HasPath = true, Since = "3.5")]
    public static void ExecuteTtl(ref ZooKeeperCall call)
    {
        if (call.Member.Options.ExtendedTypesEnabled)
            call.Propose(Read(ref call.Body, OpCode.CreateTtl), WriteWithStat);
        else
            call.Fail(ZooError.Unimplemented);
    }

    /// <summary>The request's fields; a mode that there is not becomes one that is refused.</summary>
    public static Change Read(ref JuteReader body, int type)
    {
        var (path, data, acl, flags) = (body.String(), body.Buffer(), body.Acl(), body.Int());
        var ttl = type == OpCode.CreateTtl ? body.Long() : 0;
        var mode = (CreateMode)flags;
        var isRight = type switch
        {
            OpCode.CreateTtl => mode.IsTtl(),
            OpCode.CreateContainer => mode == CreateMode.Container,
            _ => Enum.IsDefined(mode) && !mode.IsTtl(),
        };
        return isRight ? new CreateNode(path, data, acl, mode, ttl) : new CheckVersion("", 0);
    }

    public static void WriteWithStat(ChangeResult result, JuteWriter reply)
    {
        reply.String(result.Path!);
        reply.Stat(result.Stat);
    }
}
