using System.Collections;
using System.Reflection;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Wire;

/// <summary>One generated message class, used without knowing its type.</summary>
internal abstract class MessageCase
{
    public static readonly MessageCase[] All = [.. typeof(KafkaError).Assembly.GetTypes()
        .Where(t => t.IsClass && t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IMessage<>)))
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => (MessageCase)Activator.CreateInstance(typeof(Of<>).MakeGenericType(t))!)];

    public abstract string Name { get; }

    public static MessageCase Named(string name) => All.First(c => c.Name == name);

    public abstract short Lowest { get; }

    public abstract short Highest { get; }

    public abstract byte[] Encode(object message, short version);

    public abstract object Decode(byte[] bytes, short version);

    /// <summary>Of a response, with the header before it.</summary>
    public abstract object DecodeBehindHeader(byte[] frame, short version);

    /// <summary>A message with nothing set.</summary>
    public abstract object Empty();

    /// <summary>A message whose fields are random, as far as <paramref name="version"/> can carry them.</summary>
    public abstract object Fill(RandomStream random, short version);

    public override string ToString() => Name;

    private sealed class Of<T> : MessageCase
        where T : class, IMessage<T>
    {
        public override string Name => typeof(T).Name;

        public override short Lowest => T.LowestVersion;

        public override short Highest => T.HighestVersion;

        public override byte[] Encode(object message, short version) => MessageCodec.Encode((T)message, version);

        public override object Decode(byte[] bytes, short version) => MessageCodec.Decode<T>(bytes, version);

        public override object DecodeBehindHeader(byte[] frame, short version) => Operations.RawClient.Decode<T>(frame, version);

        public override object Empty() => Activator.CreateInstance<T>();

        public override object Fill(RandomStream random, short version)
        {
            var message = Activator.CreateInstance<T>();
            FillIn(message, message, random, version);
            return message;
        }

        // A value that the version refuses goes back to what it was: which fields a version has is the schema's to say.
        private static void FillIn(T root, object target, RandomStream random, short version)
        {
            foreach (var property in target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                var before = property.GetValue(target);
                property.SetValue(target, Value(property.PropertyType, before, random));
                if (!CanBeWritten(root, version))
                    property.SetValue(target, before);
                var value = property.GetValue(target);
                if (value is IList list && property.PropertyType.IsGenericType)
                {
                    foreach (var element in list)
                    {
                        if (IsStruct(element!.GetType()))
                            FillIn(root, element, random, version);
                    }
                }
                else if (value is not null && IsStruct(property.PropertyType))
                {
                    FillIn(root, value, random, version);
                }
            }
        }

        private static bool CanBeWritten(T root, short version)
        {
            try
            {
                MessageCodec.Encode(root, version);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    private static bool IsStruct(Type type) => type.IsNested && type.Namespace == "Microcosm.Kafka";

    private static object? Value(Type type, object? before, RandomStream random)
    {
        if (type == typeof(string))
            return random.Chance(0.1) ? "" : "text-ä" + random.Next(1000);
        if (type == typeof(ReadOnlyMemory<byte>) || type == typeof(ReadOnlyMemory<byte>?))
        {
            var length = random.Chance(0.1) ? 2000 : random.Next(40);
            return new ReadOnlyMemory<byte>([.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(256))]);
        }
        if (type == typeof(Guid))
            return new Guid(random.Next(int.MaxValue), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        if (type == typeof(bool))
            return random.Chance(0.5);
        if (type == typeof(double))
            return random.Next(1000) / 8.0;
        if (type.IsPrimitive)
            return Convert.ChangeType(random.Next(100), type, System.Globalization.CultureInfo.InvariantCulture);
        if (IsStruct(type))
            return before ?? Activator.CreateInstance(type);
        var list = (IList)Activator.CreateInstance(type)!;
        var element = type.GetGenericArguments()[0];
        for (var i = random.Next(3); i > 0; i--)
            list.Add(IsStruct(element) ? Activator.CreateInstance(element) : Value(element, null, random));
        return list;
    }
}
