namespace Microcosm.Chubby;

/// <summary>multi: changes that are made all or not at all.</summary>
internal static class MultiOperations
{
    [ZooKeeperOperation("Multi", OpCode.Multi, IsWrite = true, Since = "3.4")]
    public static void Execute(ref ZooKeeperCall call)
    {
        var (parts, types) = (new List<Change>(), new List<int>());
        while (TryHead(ref call.Body, out var type))
        {
            types.Add(type);
            parts.Add(type switch
            {
                OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl => Create.Read(ref call.Body, type),
                OpCode.Delete => new DeleteNode(call.Body.String(), call.Body.Int()),
                OpCode.SetData => new SetNodeData(call.Body.String(), call.Body.Buffer(), call.Body.Int()),
                OpCode.Check => new CheckVersion(call.Body.String(), call.Body.Int()),
                _ => throw new JuteException($"Invalid type of op: {type}"),
            });
        }
        call.Propose(new Multi([.. parts]), (result, reply) => Write(result.Parts!, types, reply));
    }

    /// <summary>multi of reads: each has its own outcome.</summary>
    [ZooKeeperOperation("MultiRead", OpCode.MultiRead, Since = "3.6")]
    public static void ExecuteRead(ref ZooKeeperCall call)
    {
        while (TryHead(ref call.Body, out var type))
        {
            if (type is not (OpCode.GetData or OpCode.GetChildren))
                throw new JuteException($"Invalid type of readOp: {type}");
            var path = call.Body.String();
            _ = call.Body.Bool();
            var node = call.Readable(path);
            WriteHead(call.Reply, node is null ? OpCode.Error : type, node is null ? call.Error : ZooError.Ok);
            if (node is null)
            {
                call.Reply.Int((int)call.Error);
                call.Fail(ZooError.Ok);
            }
            else if (type == OpCode.GetData)
            {
                call.Reply.Buffer(node.Data);
                call.Reply.Stat(node.Stat);
            }
            else
            {
                call.Reply.Strings(node.Children ?? (IReadOnlyCollection<string>)[]);
            }
        }
        WriteEnd(call.Reply);
    }

    public static void Write(ChangeResult[] results, IReadOnlyList<int> types, JuteWriter reply)
    {
        var isDone = results.All(r => r.Error == ZooError.Ok);
        for (var i = 0; i < results.Length; i++)
        {
            var result = results[i];
            if (!isDone)
            {
                WriteHead(reply, OpCode.Error, result.Error);
                reply.Int((int)result.Error);
                continue;
            }
            WriteHead(reply, types[i], ZooError.Ok);
            switch (types[i])
            {
                case OpCode.Create:
                    reply.String(result.Path!);
                    break;
                case OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl:
                    Create.WriteWithStat(result, reply);
                    break;
                case OpCode.SetData:
                    reply.Stat(result.Stat);
                    break;
            }
        }
        WriteEnd(reply);
    }

    private static bool TryHead(ref JuteReader body, out int type)
    {
        type = body.Int();
        var isEnd = body.Bool();
        _ = body.Int();
        return !isEnd;
    }

    private static void WriteHead(JuteWriter reply, int type, ZooError error)
    {
        reply.Int(type);
        reply.Bool(false);
        reply.Int((int)error);
    }

    private static void WriteEnd(JuteWriter reply)
    {
        reply.Int(-1);
        reply.Bool(true);
        reply.Int(-1);
    }
}
