using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>Reads the body of POST and PUT into canonical form (RFC 7644 §3.3, §3.5.1).</summary>
public static class ResourceReader
{
    /// <summary>
    /// Reads a resource. Names match in any case (RFC 7643 §2.1); unknown and readOnly attributes are passed over and
    /// named in <see cref="ResourceInput.Ignored"/>.
    /// </summary>
    /// <param name="type">The type of the resource.</param>
    /// <param name="body">The body.</param>
    /// <param name="kind">What is done with it.</param>
    /// <param name="references">The addresses by which a resource may be referred to; none when they are not known.</param>
    /// <exception cref="ScimException">400 invalidValue or invalidSyntax.</exception>
    public static ResourceInput Read(ResourceType type, JsonObject body, RequestKind kind, ReferenceAddresses? references = null)
    {
        CheckSchemas(type, body);
        var reading = new Reading(type, references ?? ReferenceAddresses.None);
        foreach (var (name, value) in body)
        {
            reading.Take(name, value);
        }

        var document = new ResourceDocument(type, reading.Root);
        if (kind == RequestKind.Create)
        {
            ResourceValidator.Complete(document, before: null);
        }

        return new ResourceInput(document, reading.Password, reading.Members, reading.Ignored);
    }

    /// <summary>
    /// <c>schemas</c> may be left out and may name schemas that are unknown here (ENTRA-13, ENTRA-56), but when it is
    /// there it must name the core schema (RFC 7643 §3).
    /// </summary>
    private static void CheckSchemas(ResourceType type, JsonObject body)
    {
        var value = body.FirstOrDefault(member => member.Key.Equals("schemas", StringComparison.OrdinalIgnoreCase)).Value;
        if (value is null)
        {
            return;
        }

        if (value is not JsonArray array || array.Any(item => JsonText.AsString(item) is null))
        {
            throw ScimErrors.InvalidSyntax("schemas must be an array of URNs.");
        }

        if (array.Count > 0 && !array.Any(item => type.Schema.Id.Equals(JsonText.AsString(item), StringComparison.OrdinalIgnoreCase)))
        {
            throw ScimErrors.InvalidSyntax($"schemas must contain \"{type.Schema.Id}\" in a request to {type.Endpoint}.");
        }
    }

    /// <summary>The state of reading one body.</summary>
    private sealed class Reading(ResourceType type, ReferenceAddresses references)
    {
        private readonly HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);

        public JsonObject Root { get; } = [];

        public List<string> Ignored { get; } = [];

        public string? Password { get; private set; }

        public IReadOnlyList<string>? Members { get; private set; }

        public void Take(string name, JsonNode? value)
        {
            if (!seen.Add(name))
            {
                throw ScimErrors.InvalidSyntax($"\"{ScimErrors.Shorten(name)}\" is given twice, in different spellings.");
            }

            if (type.FindExtension(name) is { } extension)
            {
                TakeExtension(extension, value);
            }
            else if (type.FindCore(name) is { } attribute)
            {
                TakeCore(attribute, value);
            }
            else
            {
                Ignored.Add(name);
            }
        }

        private void TakeCore(SchemaAttribute attribute, JsonNode? value)
        {
            if (attribute.Relation == Relation.Members)
            {
                Members = MemberReader.Read(attribute, value, references);
            }
            else if (attribute == type.PasswordAttribute)
            {
                Password = JsonText.AsString(ValueReader.Read(attribute, value));
            }
            else if (attribute.Mutability == Mutability.ReadOnly || attribute.Name == "schemas")
            {
                Ignored.Add(attribute.Name);
            }
            else if (ValueReader.Read(attribute, references.Complete(attribute, value), Ignored) is { } read)
            {
                Root.Add(attribute.Name, read);
            }
        }

        private void TakeExtension(Schema extension, JsonNode? value)
        {
            if (value is null || value.GetValueKind() == JsonValueKind.Null)
            {
                return;
            }

            if (value is not JsonObject source)
            {
                throw ScimErrors.InvalidValue($"{extension.Id} must be an object, not {JsonText.Describe(value)}.");
            }

            var data = new JsonObject();
            foreach (var (name, item) in source)
            {
                if (extension.Find(name) is not { Mutability: not Mutability.ReadOnly } attribute)
                {
                    Ignored.Add($"{extension.Id}:{name}");
                }
                else if (ValueReader.Read(attribute, references.Complete(attribute, item), Ignored) is { } read && !data.TryAdd(attribute.Name, read))
                {
                    throw ScimErrors.InvalidSyntax($"{extension.Id}:{attribute.Name} is given twice, in different spellings.");
                }
            }

            if (data.Count > 0)
            {
                Root.Add(extension.Id, data);
            }
        }
    }
}
